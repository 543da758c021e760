package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.internal.log.LogStream;
import dev.askonce.redis.internal.server.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** Less than what an entry or a removal may be from the future. */
  private static final long EARLY_MILLIS = 270_000;

  /** More than a clock that is not set is ever seen to go back. */
  private static final long CLOCK_BACK_MILLIS = 60_000;

  final LogStream stream;
  final byte[] key;
  final int shard;
  final long begunNanos = System.nanoTime();
  final AtomicReference<Phase> phase = new AtomicReference<>(Phase.JOINING);

  /** The last record that was applied. */
  volatile StreamId position = StreamId.ZERO;

  /** The last record before those that were read since the log was looked at; or null. */
  volatile StreamId link;

  /** Where the snapshot ends, if the log had nothing from there on when it was read; or null. */
  volatile StreamId base;

  /** Counts the times that the log is read anew. */
  volatile int loads;

  /** Whether a snapshot was seen, which must then be there. */
  volatile boolean hasSnapshot;

  /** Records of ours that the server was given, and that were not read in the log yet. */
  final Echoes echoes = new Echoes();

  /** Older entries and removals that are queued because the log lacks them. */
  final AtomicInteger backlog = new AtomicInteger();

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

  /** When a caller asked last, to the second, by {@link System#nanoTime}. */
  volatile long servedNanos = begunNanos;

  /** The lowest version of what came before its time, by this cache's clock. */
  private volatile long earlyVersion = Long.MAX_VALUE;

  /** The latest time by which entries were refused because theirs was over. */
  private volatile long lateMillis = Long.MIN_VALUE;

  /**
   * The snapshot, by its generation, of which a part is missing that was asked for already. Of the
   * joiner.
   */
  volatile long calledFor;

  /**
   * Where the control log ended, and when that was asked: up to there it is read before this one.
   * Null where that is not asked, or done. Of the joiner.
   */
  volatile StreamId removals;

  volatile long removalsNanos;

  /** Records in the log since the snapshot. Of whoever is in charge. */
  volatile long records;

  /**
   * The generation of that snapshot, or no less; 0 where there is none. Of whoever is in charge.
   */
  volatile long snapshot;

  private long confirmations;

  Subscription(LogStream stream, int shard, boolean fresh) {
    this.stream = stream;
    this.key = Keys.bytes(stream.name());
    this.shard = shard;
    this.fresh = fresh;
  }

  boolean isControl() {
    return stream.scope().isEmpty();
  }

  /** {@return the scope; none for what concerns all} */
  Hash128 scope() {
    return stream.scope().orElseThrow();
  }

  boolean isJoining() {
    return phase.get() == Phase.JOINING;
  }

  boolean isTailed() {
    return phase.get() == Phase.LIVE;
  }

  /** {@return whether the log was read to its end once} */
  boolean hasJoined() {
    Phase now = phase.get();
    return now == Phase.LIVE || now == Phase.REJOINING;
  }

  /** {@return how many records of ours were confirmed, this one included} Of the publisher. */
  long confirmation() {
    return ++confirmations;
  }

  /** {@return records that must be in the log, unless they were trimmed or lost} */
  List<StreamId> expected() {
    List<StreamId> expected = new ArrayList<>(3);
    for (StreamId id : new StreamId[] {link, position, echoes.last()}) {
      if (id != null && isRecord(id)) {
        expected.add(id);
      }
    }
    return expected;
  }

  /** {@return whether a position is that of a record that the log had} */
  boolean isRecord(StreamId id) {
    return !id.equals(StreamId.ZERO) && !id.equals(base);
  }

  /** {@return whether all that was put here is in the log, as far as is known} */
  boolean isPublished() {
    return isTailed() && !unpublished.get() && backlog.get() == 0;
  }

  /**
   * Notes an entry, or a removal, that is not in its time as far as this cache's clock can be
   * believed.
   */
  void refused(long version, long nowMillis) {
    if (version > nowMillis) {
      earlyVersion = Math.min(earlyVersion, version);
    } else {
      lateMillis = Math.max(lateMillis, nowMillis);
    }
  }

  /**
   * {@return whether something that was refused is in its time now} Those from the future some time
   * after the first of them is, so that one reading serves many; others where the clock was wrong.
   */
  boolean wantsRereading(long nowMillis) {
    return earlyVersion < nowMillis + EARLY_MILLIS || lateMillis > nowMillis + CLOCK_BACK_MILLIS;
  }

  /** Forgets what was in the log before it was lost. */
  void restart() {
    earlyVersion = Long.MAX_VALUE;
    lateMillis = Long.MIN_VALUE;
    loads++;
    link = null;
    base = null;
    hasSnapshot = false;
    snapshot = 0;
    position = StreamId.ZERO;
    records = 0;
  }

  @Override
  public String toString() {
    return stream.name();
  }
}
