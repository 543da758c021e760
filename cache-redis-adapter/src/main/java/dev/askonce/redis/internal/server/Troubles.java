package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each trouble occurred. Threading: any number of threads. */
final class Troubles {
  private final Map<RedisTrouble, LongAdder> counts = new EnumMap<>(RedisTrouble.class);

  Troubles() {
    for (RedisTrouble trouble : RedisTrouble.values()) {
      counts.put(trouble, new LongAdder());
    }
  }

  void count(RedisTrouble trouble) {
    counts.get(trouble).increment();
  }

  /** {@return the counts; those that are zero are absent} */
  Map<RedisTrouble, Long> snapshot() {
    Map<RedisTrouble, Long> snapshot = new EnumMap<>(RedisTrouble.class);
    counts.forEach(
        (trouble, count) -> {
          if (count.sum() > 0) {
            snapshot.put(trouble, count.sum());
          }
        });
    return snapshot;
  }
}
