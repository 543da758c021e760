package dev.askonce.engine.internal.cache;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How entries leave: replaced, evicted, expired, invalidated, or found damaged.
 *
 * <p>Threading: under the writer's lock where not said otherwise.
 */
final class Removals {
  private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

  /** Victims that are tried where records are damaged. */
  private static final int VICTIMS_MAX = 8;

  private final Core core;
  private final Retired retired;
  private final Erasures erasures;
  private final SlotRecord record;
  private Maintenance maintenance;

  Removals(Core core, Retired retired) {
    this.core = core;
    this.retired = retired;
    erasures = new Erasures(core.writerLock);
    record = new SlotRecord(core.table);
  }

  /** Sets who is told, outside of lookups, that a scope has something to clear away. */
  void start(Maintenance thread) {
    maintenance = thread;
  }

  /**
   * Lets the entry leave that is worth least.
   *
   * @param forBytes whether bytes are wanted, or a place
   * @param cause counted
   * @return whether there was one
   */
  boolean evictOne(boolean forBytes, LongAdder cause) {
    for (int attempt = 0; attempt < VICTIMS_MAX; attempt++) {
      int victim = core.eviction.victim(forBytes);
      if (victim < 0) {
        return false;
      }
      if (record.load(victim)) {
        core.eviction.remember(victim, record.textLow());
        remove(record, victim);
        cause.increment();
        return true;
      }
      // Damaged. Which index holds it is known to the lookup that will find it.
      core.eviction.spare(victim);
    }
    return false;
  }

  /**
   * Removes a live entry: first from what lookups walk through, then on disk.
   *
   * @param live a copy of its record
   */
  void remove(SlotRecord live, int slot) {
    EntryId id = live.id();
    int shard = live.shard();
    boolean hasVector = live.hasVector();
    Hash128 scope = live.scope();
    if (live.hasText()) {
      core.exact.remove(live.text(), slot);
    }
    erase(slot);
    core.eviction.removed(slot);
    core.quotas.removed(slot);
    ScopeIndex index = core.scopes.get(scope);
    if (hasVector) {
      index.remove(slot);
    } else {
      removeVectorless(scope);
    }
    retired.retire(slot);
    forgetOrWake(index);
    retired.retireFrames(shard, id);
  }

  private void removeVectorless(Hash128 scope) {
    core.vectorless.computeIfPresent(scope, (s, count) -> count == 1 ? null : count - 1);
  }

  /** Takes back an entry that was made known in part, or not at all. Its slot stays taken. */
  void disown(SlotRecord fields, int slot) {
    core.exact.remove(fields.text(), slot);
    if (core.eviction.knows(slot)) {
      core.eviction.removed(slot);
      core.quotas.removed(slot);
    }
    ScopeIndex index = core.scopes.get(fields.scope());
    if (index != null) {
      index.remove(slot);
    }
    erase(slot);
  }

  /** Erases a record that is known to nobody any more. */
  void erase(int slot) {
    record.erase(slot);
    erasures.add(core.table.records(slot));
  }

  /** An entry of a scope is gone: perhaps the whole index is, or has something to clear away. */
  private void forgetOrWake(ScopeIndex index) {
    if (core.recovering) {
      // What a loaded graph holds is not counted yet.
      return;
    }
    if (index != null && index.isEmpty()) {
      core.scopes.remove(index.scope());
      index.release();
    } else if (index != null && index.wantsMaintenance()) {
      maintenance.wake(index.scope());
    }
  }

  /** Removes an entry if it is live. */
  void removeLive(int slot) {
    if (record.load(slot)) {
      remove(record, slot);
    }
  }

  /** Removes the entry if it is still the one that was found damaged. By any thread. */
  void quarantine(Found found) {
    if (core.recovering) {
      // A lookup waits for nobody, and whoever reads the records comes by.
      return;
    }
    core.writerLock.lock();
    try {
      record.copy(found.slot());
      if (record.commit() == found.commit()) {
        LOG.warn("entry {} does not verify and is removed", found.id());
        core.counters.quarantined.increment();
        removeDamaged(found.slot(), found.scope());
      }
    } finally {
      core.writerLock.unlock();
    }
  }

  /** Removes an entry whose record may be damaged: its fields are not to be trusted. */
  private void removeDamaged(int slot, Hash128 foundIn) {
    if (record.verifies()) {
      remove(record, slot);
      return;
    }
    // Which frames are its own cannot be read: they are orphans until the next recovery.
    core.exact.removeDamaged(slot);
    erase(slot);
    core.eviction.removed(slot);
    core.quotas.removed(slot);
    ScopeIndex index = core.scopes.get(foundIn);
    int before = index == null ? 0 : index.size();
    if (index != null) {
      index.remove(slot);
    }
    if (index == null || index.size() == before) {
      removeVectorless(foundIn);
    }
    retired.retire(slot);
    forgetOrWake(index);
  }

  /**
   * Removes entries whose time is over.
   *
   * @param count at most so many are looked at
   * @return whether there may be more at once
   */
  boolean expire(int count) {
    core.clock.observe();
    long now = core.clock.sureMillis();
    return core.wheel.poll(now, count, slot -> expire(slot, now));
  }

  private void expire(int slot, long nowMillis) {
    if (record.load(slot) && record.expiresMillis() <= nowMillis) {
      remove(record, slot);
      core.counters.expired.increment();
    }
  }

  /** Removes the live entries of some slots that match. By any thread. {@return how many} */
  int removeIf(int from, int to, Predicate<SlotRecord> matches) {
    int removed = 0;
    core.writerLock.lock();
    try {
      for (int slot = from; slot < to; slot++) {
        if (record.load(slot) && matches.test(record)) {
          remove(record, slot);
          removed++;
        }
      }
    } finally {
      core.writerLock.unlock();
    }
    return removed;
  }

  /** Removes the entry of a key if it matches. By any thread. {@return how many went} */
  int removeOne(Hash128 key, Predicate<SlotRecord> matches) {
    core.writerLock.lock();
    try {
      int slot = core.exact.find(key, record);
      if (slot == ExactTable.ABSENT || !matches.test(record)) {
        return 0;
      }
      remove(record, slot);
      return 1;
    } finally {
      core.writerLock.unlock();
    }
  }

  /** Brings every removal so far to the disk. By any thread. */
  void force() {
    erasures.force();
  }
}
