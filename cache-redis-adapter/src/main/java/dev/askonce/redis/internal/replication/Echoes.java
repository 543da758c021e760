package dev.askonce.redis.internal.replication;

import dev.askonce.redis.internal.server.StreamId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records of this cache that one log was given, until they are read in it: that a server confirmed
 * a record does not say that the one that takes its place has it.
 *
 * <p>Threading: any thread.
 */
final class Echoes {
  /**
   * @param number of the record among those of this cache
   * @param id in the log, or null until it is confirmed
   * @param sinceMillis since when it waits to be in the log
   * @param ofBacklog whether it is older than that
   */
  record Echo(long number, StreamId id, long sinceMillis, boolean ofBacklog) {}

  private final Map<Long, Echo> awaited = new ConcurrentHashMap<>();

  /** Notes a record before it is sent. */
  void await(long number, long sinceMillis, boolean ofBacklog) {
    awaited.put(number, new Echo(number, null, sinceMillis, ofBacklog));
  }

  /** Notes where the server says that a record is. */
  void confirmed(long number, StreamId id) {
    awaited.computeIfPresent(
        number, (n, echo) -> new Echo(n, id, echo.sinceMillis, echo.ofBacklog));
  }

  /** Ends the wait for a record. {@return it, or null if it was not awaited} */
  Echo remove(long number) {
    return awaited.remove(number);
  }

  boolean isEmpty() {
    return awaited.isEmpty();
  }

  int size() {
    return awaited.size();
  }

  /** {@return those that are confirmed} */
  List<Echo> confirmed() {
    return awaited.values().stream().filter(echo -> echo.id != null).toList();
  }

  /** {@return the last that is confirmed and was not read, or null} */
  StreamId last() {
    StreamId last = null;
    for (Echo echo : awaited.values()) {
      if (echo.id != null && (last == null || echo.id.compareTo(last) > 0)) {
        last = echo.id;
      }
    }
    return last;
  }

  /** {@return whether the log was read past a record that is not in it} */
  boolean isMissing(StreamId position) {
    if (awaited.isEmpty()) {
      return false;
    }
    for (Echo echo : awaited.values()) {
      if (echo.id != null && echo.id.compareTo(position) <= 0) {
        return true;
      }
    }
    return false;
  }

  /** {@return since when the oldest waits, or {@code nowMillis} where none does} */
  long oldestMillis(long nowMillis) {
    long oldest = nowMillis;
    for (Echo echo : awaited.values()) {
      oldest = Math.min(oldest, echo.sinceMillis);
    }
    return oldest;
  }
}
