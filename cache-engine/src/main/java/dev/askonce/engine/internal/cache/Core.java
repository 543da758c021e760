package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.base.Epochs;
import dev.askonce.engine.internal.index.IndexSpace;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.policy.ExpiryWheel;
import dev.askonce.engine.internal.policy.ValueEviction;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.FeedbackFile;
import dev.askonce.engine.internal.store.FrameCodec;
import dev.askonce.engine.internal.store.ResponseStore;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Replication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The parts that read path, write path and maintenance share, and the lock of those that change
 * them. Who may touch what is in {@code docs/internals/architecture.md}.
 */
final class Core {
  final EntryTable table;
  final ResponseStore responses;
  final IndexSpace space;
  final Epochs epochs = new Epochs(ContextPool.SIZE + Maintenance.EPOCH_PLACES);
  final ContextPool contexts;
  final Counters counters = new Counters();
  final ExactTable exact;
  final ExpiryWheel wheel;
  final ValueEviction eviction;
  final Quotas quotas;
  final Map<Hash128, ScopeIndex> scopes = new ConcurrentHashMap<>();

  /** How many entries without a vector a scope has: its index knows nothing of them. */
  final Map<Hash128, Integer> vectorless = new ConcurrentHashMap<>();

  final ReentrantLock writerLock = new ReentrantLock();

  /** Bulk imports under way: they link what they put. */
  final AtomicInteger importing = new AtomicInteger();

  /** Whether records are still being read: what is not found may be there. */
  volatile boolean recovering = true;

  /** The highest version of an entry that was ever known here. Under the writer's lock. */
  volatile long latestVersion;

  /** What keeps other caches equal to this one, or null. */
  final Replication replication;

  final FrameCodec frames;
  final FeedbackFile feedback;
  final GuardedClock clock;

  Core(
      EntryTable table,
      ResponseStore responses,
      IndexSpace space,
      FrameCodec frames,
      FeedbackFile feedback,
      long seed,
      Quotas quotas,
      GuardedClock clock,
      Optional<Replication> replication) {
    this.table = table;
    this.responses = responses;
    this.space = space;
    this.clock = clock;
    this.quotas = quotas;
    contexts = new ContextPool(index -> new SearchContext(index, table, space));
    exact = new ExactTable(table);
    wheel = new ExpiryWheel(clock.sureMillis());
    eviction = new ValueEviction(seed);
    this.frames = frames;
    this.feedback = feedback;
    this.replication = replication.orElse(null);
  }

  boolean isReplicated() {
    return replication != null;
  }

  /** Forces all records and vectors to the disk. */
  void force() {
    writerLock.lock();
    try {
      table.force();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writerLock.unlock();
    }
  }

  long nowMillis() {
    return clock.nowMillis();
  }

  /**
   * {@return whether an entry may answer} One from the future was put while the clock was wrong:
   * its time cannot be told.
   */
  static boolean isInTime(long createdMillis, long expiresMillis, long nowMillis) {
    return nowMillis < expiresMillis && createdMillis <= nowMillis + GuardedClock.LEAP_MILLIS;
  }
}
