package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.internal.log.LogStream;
import dev.askonce.redis.internal.server.StreamId;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One scope that this cache keeps equal, or what concerns all scopes.
 *
 * <pre>
 *   JOINING ──▶ LIVE ◀──▶ REJOINING (the log lost something; callers are answered meanwhile)
 *      └──────────┴──▶ FORGOTTEN
 * </pre>
 *
 * <p>Threading: fields are volatile or atomic. Whoever is in charge applies and moves the position:
 * the joiner until the scope is LIVE, the tailer then.
 */
final class Subscription {
  enum Phase {
    JOINING,
    LIVE,
    REJOINING,
    FORGOTTEN
  }

  final LogStream stream;
  final byte[] key;
  final int shard;
  final long begunNanos = System.nanoTime();
  final AtomicReference<Phase> phase = new AtomicReference<>(Phase.JOINING);

  /** The last record that was applied. */
  volatile StreamId position = StreamId.ZERO;

  /** The last record of ours that the server confirmed. */
  private volatile StreamId confirmed = StreamId.ZERO;

  /** Nothing was here when it was begun: what is here now is not out of date. */
  volatile boolean fresh;

  /** The server could not be asked so far. */
  volatile boolean troubled;

  /** Something of it may be neither in the queue nor in the log. */
  final AtomicBoolean unpublished = new AtomicBoolean();

  /** Whether the scope is in the index of its tenant. */
  final AtomicBoolean indexed = new AtomicBoolean();

  final AtomicBoolean isSnapshotting = new AtomicBoolean();

  /** Keyed hash of the tenant. */
  volatile long tenant;

  /** When a caller asked last, to the second. */
  volatile long servedMillis;

  /** Records in the log since the snapshot. Of whoever is in charge. */
  volatile long records;

  private long confirmations;

  Subscription(LogStream stream, int shard, boolean fresh, long nowMillis) {
    this.stream = stream;
    this.key = Keys.bytes(stream.name());
    this.shard = shard;
    this.fresh = fresh;
    servedMillis = nowMillis;
  }

  boolean isControl() {
    return stream.scope().isEmpty();
  }

  /** {@return the scope; none for what concerns all} */
  Hash128 scope() {
    return stream.scope().orElseThrow();
  }

  boolean isTailed() {
    return phase.get() == Phase.LIVE;
  }

  /** {@return whether the log was read to its end once} */
  boolean hasJoined() {
    Phase now = phase.get();
    return now == Phase.LIVE || now == Phase.REJOINING;
  }

  /** Notes a record of ours. Of the publisher. {@return how many there were} */
  long confirm(StreamId id) {
    if (id.compareTo(confirmed) > 0) {
      confirmed = id;
    }
    return ++confirmations;
  }

  /** {@return a record that must be in the log, unless it was trimmed or lost; ZERO for none} */
  StreamId latest() {
    StreamId applied = position;
    StreamId own = confirmed;
    return own.compareTo(applied) > 0 ? own : applied;
  }

  /** Forgets what was in the log before it was lost. */
  void restart() {
    confirmed = StreamId.ZERO;
    position = StreamId.ZERO;
    records = 0;
  }

  @Override
  public String toString() {
    return stream.name();
  }
}
