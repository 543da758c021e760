package dev.askonce.engine.internal.cache;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Threads;
import dev.askonce.engine.internal.index.LoadedGraphs;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.ResponseStore;
import dev.askonce.engine.internal.store.SlotRecord;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every record of a store that was opened, and makes the good ones known: to the exact tier,
 * to the expiry, and to their scopes' indexes unless a loaded graph has them.
 *
 * <p>Runs on the maintenance thread, under the writer's lock from beginning to end, so whoever
 * changes something waits for it. Lookups do not: they are served with what is known so far.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Core core;
  private final WritePath writePath;
  private final Removals removals;
  private final Retired retired;
  private LoadedGraphs graphs;
  private final long epoch;
  private final boolean wasClean;
  private final SlotRecord record;
  private final SlotRecord other;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final Set<Long> tenants = new HashSet<>();
  private long recovered;
  private int unreadable;
  private boolean ended;

  /**
   * @param graphs those of the last orderly close, or null
   * @param epoch of this opening: frames of entries put since then are not looked at
   */
  Recovery(
      Core core,
      WritePath writePath,
      Removals removals,
      Retired retired,
      LoadedGraphs graphs,
      long epoch,
      boolean wasClean) {
    this.core = core;
    this.writePath = writePath;
    this.removals = removals;
    this.retired = retired;
    this.graphs = graphs;
    this.epoch = epoch;
    this.wasClean = wasClean;
    record = new SlotRecord(core.table);
    other = new SlotRecord(core.table);
  }

  /** Reads all records; then, after a crash, removes answers without an entry. */
  void run() {
    try {
      recoverAll();
    } finally {
      done.countDown();
    }
  }

  private void recoverAll() {
    core.writerLock.lock();
    try {
      begun.countDown();
      core.eviction.reserve(core.table.capacity());
      long now = core.nowMillis();
      for (int slot = core.table.capacity() - 1; slot >= 0; slot--) {
        recoverOrLeave(slot, now);
      }
      if (unreadable == 0) {
        forgetTenantsWithoutEntries();
      }
      writePath.fit();
      CrashPoint.RECORDS_READ.reached();
    } finally {
      // Also after a failure: what was read can be used.
      core.recovering = false;
      graphs = null;
      core.writerLock.unlock();
    }
    if (!wasClean) {
      LOG.info("recovered {} entries, removed {} orphaned frames", recovered, removeOrphans());
      CrashPoint.ORPHANS_REMOVED.reached();
    }
    ended = true;
  }

  /** Recovers a slot; one whose pages cannot be read is left alone until the next opening. */
  private void recoverOrLeave(int slot, long now) {
    try {
      boolean searched = graphs != null && graphs.has(slot);
      if (recover(slot, now)) {
        return;
      }
      if (searched) {
        // A lookup may be looking at it.
        retired.retire(slot);
      } else {
        retired.addFree(slot);
      }
    } catch (RuntimeException | InternalError e) {
      LOG.warn("entry in slot {} cannot be read until the next opening: {}", slot, e.toString());
      unreadable++;
      if (graphs != null) {
        graphs.detach(slot);
      }
    }
  }

  /** {@return whether a slot's entry lives; else the slot can be used} */
  private boolean recover(int slot, long now) {
    record.copy(slot);
    boolean live = SlotRecord.state(record.commit()) == SlotRecord.LIVE;
    boolean whole = live && record.verifies();
    if (whole && core.frames.canOpen(record.tenant()) && isNewest(now)) {
      tenants.add(record.tenant());
      writePath.register(record, slot, graphs != null && graphs.attach(record, slot));
      recovered++;
      return true;
    }
    if (graphs != null) {
      graphs.detach(slot);
    }
    if (whole) {
      retired.retireFrames(record.shard(), record.id());
    } else if (live) {
      core.counters.quarantined.increment();
    }
    if (!record.isFree()) {
      removals.erase(slot);
    }
    return false;
  }

  /** {@return whether the record is in its time and no newer one has its text} */
  private boolean isNewest(long now) {
    if (record.expiresMillis() <= now) {
      return false;
    }
    int rival = record.hasText() ? core.exact.find(record.text(), other) : ExactTable.ABSENT;
    if (rival == ExactTable.ABSENT) {
      return true;
    }
    // The process died between publishing the new entry of a text and erasing the old one.
    boolean newer =
        record.epoch() > other.epoch()
            || record.epoch() == other.epoch() && record.sequence() > other.sequence();
    if (newer) {
      removals.removeLive(rival);
    }
    return newer;
  }

  /** Destroys the keys of tenants that have nothing left, or they would be more and more. */
  private void forgetTenantsWithoutEntries() {
    try {
      core.frames.forgetOthersOfOpening(tenants);
    } catch (IOException e) {
      LOG.warn("keys of tenants without entries are kept: {}", e.toString());
    }
    tenants.clear();
  }

  /** Removes answers without an entry, as a killed process leaves them. */
  private long removeOrphans() {
    EntryTable table = core.table;
    Set<EntryId> live = new HashSet<>();
    for (int slot = 0; slot < table.capacity(); slot++) {
      if (record.load(slot)) {
        live.add(record.id());
      }
    }
    ResponseStore responses = core.responses;
    return responses.removeOrphans(id -> id.epoch() == epoch || live.contains(id));
  }

  /** Waits until nobody can change anything before the records are read. */
  void awaitBegin() {
    Threads.await(begun);
  }

  /** Waits until it is over. */
  void await() {
    Threads.await(done);
  }

  /** {@return whether every slot could be read} Once it is over. */
  boolean isComplete() {
    return ended && unreadable == 0;
  }

  /** {@return how many entries were found, so far} Under the writer's lock. */
  long recovered() {
    return recovered;
  }
}
