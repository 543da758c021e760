package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Threads;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.index.SearchScratch;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.agrona.collections.IntArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What need not happen inside a call, by one thread: removing expired entries, linking new ones
 * into graphs, sweeping dead nodes, giving slots back, removing frames; and rehearsing lookups.
 * Each cycle is bounded.
 */
final class Maintenance implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  /** Expired entries removed before the lock is given up for others. */
  private static final int EXPIRATIONS_PER_LOCK = 512;

  private static final int RELEASES_PER_CYCLE = 8192;
  private static final long IDLE_MILLIS = 500;

  /**
   * Rehearsals after each cycle until early stops are calibrated: a third of the time where there
   * are as many links to make as can be, since lookups cost several times as much until then.
   */
  private static final int REHEARSALS_AT_FIRST = 256;

  /** Rehearsals in each idle time then, since graphs change: a thousandth of it. */
  private static final int REHEARSALS_PER_IDLE_TIME = 16;

  /** Places among the readers, of whoever runs a cycle and of whoever rehearses. */
  private static final int EPOCH_INDEX = ContextPool.SIZE;

  private static final int REHEARSAL_EPOCH_INDEX = EPOCH_INDEX + 1;

  /** Places of maintenance among the readers, behind those of the contexts. */
  static final int EPOCH_PLACES = 2;

  private static final Hash128 STOP = new Hash128(0, 0);

  private final Core core;
  private final Removals removals;
  private final Retired retired;
  private final SearchScratch scratch;
  private final Rehearsal rehearsal;
  private final BlockingQueue<Hash128> wakes = new LinkedBlockingQueue<>(4096);
  private final Set<Hash128> due = new LinkedHashSet<>();

  /** Held by whoever runs a cycle: the thread, or a caller that needs its effect at once. */
  private final ReentrantLock cycleLock = new ReentrantLock();

  /** Held by whoever rehearses. No cycle waits for it, and no call of a user. */
  private final ReentrantLock rehearsalLock = new ReentrantLock();

  private long rehearsedNanos = System.nanoTime();

  private final Thread thread;
  private Recovery recovery;
  private volatile boolean wakesLost;
  private volatile boolean stopped;

  Maintenance(Core core, Removals removals, Retired retired) {
    this.core = core;
    this.removals = removals;
    this.retired = retired;
    scratch = new SearchScratch(core.space);
    rehearsal = new Rehearsal(core, new SearchScratch(core.space));
    thread = Thread.ofPlatform().daemon().name("askonce-maintenance").unstarted(this::run);
  }

  /** Starts the thread, which begins with a recovery that nobody is faster than. */
  void start(Recovery first) {
    recovery = first;
    thread.start();
    first.awaitBegin();
  }

  /** Says that a scope's index has work to do. Never waits: where the queue is full, all have. */
  void wake(Hash128 scope) {
    if (!wakes.offer(scope)) {
      wakesLost = true;
    }
  }

  private void run() {
    try {
      recovery.run();
    } catch (RuntimeException | Error e) {
      LOG.error("not all records were read", e);
    }
    wakesLost = true;
    while (!stopped) {
      try {
        boolean more = runOnce() | rehearse();
        Hash128 scope = more ? wakes.poll() : wakes.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        cycleLock.lock();
        try {
          for (; scope != null; scope = wakes.poll()) {
            due.add(scope);
          }
          if (wakesLost) {
            wakesLost = false;
            due.addAll(core.scopes.keySet());
          }
        } finally {
          cycleLock.unlock();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        LOG.error("maintenance failed and goes on", e);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS));
      }
    }
  }

  /** Runs one cycle. {@return whether there is more to do at once} */
  boolean runOnce() {
    cycleLock.lock();
    try {
      if (stopped) {
        return false;
      }
      boolean more = expire();
      IntArrayList released = new IntArrayList();
      more |= maintainScopes(released);
      more |= release(released);
      drainFrames();
      // Last: its trouble keeps nothing else from being done.
      return settleGraphs() | more;
    } finally {
      cycleLock.unlock();
    }
  }

  private void drainFrames() {
    retired.drainFrames((shard, id) -> core.responses.remove(shard, id));
  }

  /** {@return whether more of it is wanted at once} */
  private boolean rehearse() {
    if (stopped || core.importing.get() > 0 || !core.space.stopsEarly()) {
      return false;
    }
    rehearsalLock.lock();
    core.epochs.enter(REHEARSAL_EPOCH_INDEX);
    try {
      if (rehearsal.run(REHEARSALS_AT_FIRST, true) > 0) {
        return true;
      }
      // By time and not by turns: every put wakes the thread.
      if (System.nanoTime() - rehearsedNanos >= TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS)) {
        rehearsal.run(REHEARSALS_PER_IDLE_TIME, false);
        rehearsedNanos = System.nanoTime();
      }
      return false;
    } finally {
      core.epochs.exit(REHEARSAL_EPOCH_INDEX);
      rehearsalLock.unlock();
    }
  }

  private boolean expire() {
    core.writerLock.lock();
    try {
      return removals.expire(EXPIRATIONS_PER_LOCK);
    } finally {
      core.writerLock.unlock();
    }
  }

  private boolean settleGraphs() {
    if (core.space.isSettled()) {
      return false;
    }
    try {
      if (!core.space.settle(core.writerLock)) {
        // Nothing was linked so far.
        due.addAll(core.scopes.keySet());
      }
      return true;
    } catch (IOException e) {
      LOG.warn("entries are linked anew: {}", e.toString());
      return true;
    }
  }

  private boolean maintainScopes(IntArrayList released) {
    boolean more = false;
    for (Hash128 scope : Set.copyOf(due)) {
      ScopeIndex index = core.scopes.get(scope);
      if (index == null || !wantsMaintenance(index)) {
        due.remove(scope);
        continue;
      }
      core.epochs.enter(EPOCH_INDEX);
      try {
        more |= index.maintain(core.importing.get() == 0, core.writerLock, scratch, released);
      } catch (IOException e) {
        LOG.warn("no room to link entries; they are scanned instead: {}", e.toString());
        due.remove(scope);
      } finally {
        core.epochs.exit(EPOCH_INDEX);
      }
      forgetIfEmpty(index);
    }
    return more;
  }

  private boolean wantsMaintenance(ScopeIndex index) {
    core.writerLock.lock();
    try {
      return index.wantsMaintenance();
    } finally {
      core.writerLock.unlock();
    }
  }

  private void forgetIfEmpty(ScopeIndex index) {
    core.writerLock.lock();
    try {
      if (index.isEmpty() && core.scopes.remove(index.scope(), index)) {
        index.release();
      }
    } finally {
      core.writerLock.unlock();
    }
  }

  private boolean release(IntArrayList fromGraphs) {
    IntArrayList passed;
    int waiting;
    core.writerLock.lock();
    try {
      fromGraphs.forEachInt(retired::retireNode);
      passed = retired.takePassed(RELEASES_PER_CYCLE);
      waiting = retired.waitingCount();
    } finally {
      core.writerLock.unlock();
    }
    passed.forEachInt(
        item -> {
          if (item < 0) {
            core.space.releaseNode(~item);
          } else {
            core.table.eraseVector(item);
            CrashPoint.VECTOR_ERASED.reached();
          }
        });
    core.writerLock.lock();
    try {
      passed.forEachInt(
          item -> {
            if (item >= 0) {
              retired.addFree(item);
            }
          });
    } finally {
      core.writerLock.unlock();
    }
    return waiting > 0 && passed.size() == RELEASES_PER_CYCLE;
  }

  /** Runs cycles until nothing is left to do now. For tests. */
  void settle() {
    do {
      cycleLock.lock();
      try {
        due.addAll(core.scopes.keySet());
        while (runOnce()) {}
      } finally {
        cycleLock.unlock();
      }
    } while (rehearse());
  }

  /** Runs something while nothing is changed by anybody. For tests. */
  void whileQuiet(Runnable check) {
    whileQuiet(
        () -> {
          check.run();
          return null;
        });
  }

  /** {@return what is computed while nothing is changed by anybody} For tests and benchmarks. */
  <T> T whileQuiet(Supplier<T> check) {
    cycleLock.lock();
    core.writerLock.lock();
    try {
      return check.get();
    } finally {
      core.writerLock.unlock();
      cycleLock.unlock();
    }
  }

  /**
   * Ends the thread and removes the frames that nobody owns: the next opening would not look for
   * them. Links are left as they are, since they are made anew then.
   */
  @Override
  public void close() {
    stopped = true;
    // Not by an interrupt: it would close a file that is just being written.
    wake(STOP);
    Threads.join(thread);
    cycleLock.lock();
    try {
      drainFrames();
    } finally {
      cycleLock.unlock();
    }
  }
}
