package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.store.PromptCard;
import dev.askonce.engine.internal.store.ResponseStore;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.AnswerFrame;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts and removals. A put writes the answer first, then slot and vector, then the commit word, and
 * only then what lookups walk through; a removal goes the other way.
 */
final class WritePath {
  private static final Logger LOG = LoggerFactory.getLogger(WritePath.class);

  /** Entries evicted when the answers' disk is full, before the one retry. */
  private static final int EVICT_FOR_ROOM = 64;

  /** Expired entries that a put looks at before it evicts others. */
  private static final int EXPIRATIONS_PER_PUT = 64;

  /** Victims that are tried where records are damaged. */
  private static final int VICTIMS_MAX = 8;

  /** Entries that a put links where too many wait: more than it adds, so that they get fewer. */
  private static final int LINKS_PER_PUT = 2;

  private final Core core;
  private final KeyedHash hash;
  private final Limits limits;
  private final long epoch;
  private final SlotRecord record;
  private final Retired retired;
  private final AtomicLong sequence = new AtomicLong();

  /** Changes with every put, so that a caller can tell whether a lookup may be out of date. */
  private final AtomicLong version = new AtomicLong();

  private final Room room;

  private final Erasures erasures;

  /** Called, outside of the lock, when maintenance has work to do. */
  private Maintenance maintenance;

  WritePath(Core core, KeyedHash hash, Limits limits, long epoch, Retired retired) {
    this.core = core;
    this.hash = hash;
    this.limits = limits;
    this.epoch = epoch;
    this.retired = retired;
    record = new SlotRecord(core.table);
    erasures = new Erasures(core.writerLock);
    room = new Room(core.eviction, limits.entriesMax(), limits.bytesMax());
  }

  void start(Maintenance thread) {
    maintenance = thread;
  }

  long version() {
    return version.get();
  }

  /** Stores an answer. {@return its entry, or empty where there is no room: counted} */
  Optional<EntryId> put(Asked asked, Answer answer, PutOptions options) {
    long now = core.nowMillis();
    long expires = now + ttl(options).toMillis();
    EntryId id = new EntryId(epoch, sequence.incrementAndGet());
    long[] tags = options.tags().stream().mapToLong(tag -> hash.name("tag", tag)).toArray();
    byte[] card =
        new PromptCard(limits.storeTexts() ? asked.text : Optional.empty(), tags)
            .encode(core.frameSeed, id, asked.scope);
    byte[] frame = AnswerFrame.encode(core.frameSeed, id, asked.scope, answer);
    int shard = core.responses.put(id, card, frame);
    if (shard == ResponseStore.REFUSED) {
      evictForDisk(EVICT_FOR_ROOM);
      shard = core.responses.put(id, card, frame);
    }
    if (shard == ResponseStore.REFUSED) {
      return dropped("no room for the answer");
    }
    long tagBits = 0;
    for (long tag : tags) {
      tagBits |= PromptCard.tagBits(tag);
    }
    long provenance =
        options.provenance().isEmpty() ? 0 : hash.name("provenance", options.provenance());
    SlotRecord fields =
        new SlotRecord(core.table)
            .set(
                id,
                asked.scope,
                asked.textHash,
                asked.tenant,
                provenance,
                now,
                expires,
                options.savedNanoDollars(),
                tagBits,
                frame.length,
                card.length,
                shard);
    CrashPoint.CARD_STORED.reached();
    if (!commit(asked, fields)) {
      core.responses.remove(shard, id);
      return dropped("no room for the entry");
    }
    core.counters.puts.increment();
    return Optional.of(id);
  }

  private Duration ttl(PutOptions options) {
    Duration ttl = options.ttl().orElse(limits.ttl());
    if (ttl.compareTo(limits.ttlMax()) > 0) {
      throw new CacheException.InvalidOption(
          "ttl " + ttl + " is over the operator's limit of " + limits.ttlMax());
    }
    return ttl;
  }

  private Optional<EntryId> dropped(String why) {
    core.counters.putsDropped.increment();
    LOG.warn("a put was dropped: {}", why);
    return Optional.empty();
  }

  private boolean commit(Asked asked, SlotRecord fields) {
    int bytes = fields.heldBytes(asked.vector != null);
    if (!room.canHold(bytes)) {
      return false;
    }
    int slot = takeSlot(asked, bytes);
    if (slot < 0) {
      // Evicted slots come back once maintenance has seen the last reader leave.
      maintenance.runOnce();
      slot = takeSlot(asked, bytes);
      if (slot < 0) {
        return false;
      }
    }
    CrashPoint.SLOT_TAKEN.reached();
    boolean work;
    ScopeIndex behind;
    core.writerLock.lock();
    try {
      room.release(bytes);
      if (asked.hasText()) {
        int old = core.exact.find(asked.textHash, record);
        if (old != ExactTable.ABSENT) {
          remove(old);
          CrashPoint.REPLACED_REMOVED.reached();
        }
      }
      fields.publish(slot, asked.vector);
      ScopeIndex index = register(fields, slot, false);
      work = index.wantsMaintenance();
      behind = index.isBehind() ? index : null;
      CrashPoint.ENTRY_KNOWN.reached();
    } finally {
      core.writerLock.unlock();
    }
    version.incrementAndGet();
    if (work) {
      maintenance.wake(asked.scope);
    }
    if (behind != null) {
      link(behind, LINKS_PER_PUT);
    }
    return true;
  }

  /** Links up to {@code count} entries that wait for it. {@return whether more may wait} */
  boolean link(ScopeIndex index, int count) {
    SearchContext context = core.contexts.claim();
    if (context == null) {
      return false;
    }
    core.epochs.enter(context.index);
    try {
      for (int i = 0; i < count; i++) {
        if (!index.linkOne(core.writerLock, context.scratch)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      LOG.warn("no room to link entries; they are scanned instead: {}", e.toString());
      return false;
    } finally {
      core.epochs.exit(context.index);
      core.contexts.release(context);
    }
  }

  /**
   * Makes a live record known to lookups. Under the writer's lock.
   *
   * @param linked whether it is in its scope's graph already
   * @return its scope's index
   */
  ScopeIndex register(SlotRecord fields, int slot, boolean linked) {
    if (fields.hasText()) {
      core.exact.add(fields.text(), slot);
    }
    ScopeIndex index =
        core.scopes.computeIfAbsent(
            fields.scope(), scope -> new ScopeIndex(scope, core.space, core.epochs));
    if (fields.hasVector() && !linked) {
      index.add(slot);
    }
    core.wheel.schedule(slot, fields.expiresMillis());
    core.eviction.added(
        slot,
        fields.textLow(),
        fields.savedNanos(),
        fields.heldBytes(fields.hasVector()),
        core.counters.requests());
    return index;
  }

  /** Makes room and reserves it. {@return a slot of the caller's own, or -1} */
  private int takeSlot(Asked asked, int bytes) {
    core.writerLock.lock();
    try {
      // With each put, so that a clock that runs fast is not taken for one that leaps.
      core.clock.observe();
      makeRoom(asked, bytes);
      int slot = retired.takeFree();
      if (slot < 0 && core.table.capacity() < limits.slotsMax()) {
        grow();
        slot = retired.takeFree();
      }
      if (slot >= 0) {
        room.reserve(bytes);
      }
      return slot;
    } catch (IOException e) {
      LOG.warn("no room for another segment: {}", e.toString());
      return -1;
    } finally {
      core.writerLock.unlock();
    }
  }

  /** Lets entries leave until one more fits: those whose time is over before others. */
  private void makeRoom(Asked asked, int bytes) {
    boolean mayExpire = true;
    while (true) {
      int old = asked.hasText() ? core.exact.find(asked.textHash, record) : ExactTable.ABSENT;
      boolean replaces = old != ExactTable.ABSENT;
      boolean lacksEntries = room.lacksEntries(replaces ? 0 : 1);
      boolean lacksBytes = room.lacksBytes(bytes - (replaces ? core.eviction.bytes(old) : 0L));
      if (!lacksEntries && !lacksBytes) {
        return;
      }
      if (mayExpire) {
        expire(EXPIRATIONS_PER_PUT);
        mayExpire = false;
      } else if (!evictOne(
          lacksBytes,
          lacksBytes ? core.counters.evictedForBytes : core.counters.evictedForEntries)) {
        return;
      }
    }
  }

  /** Lets entries leave until the budgets hold, which may have been larger at the last opening. */
  void fit() {
    core.writerLock.lock();
    try {
      boolean more = true;
      while (more && room.lacksBytes(0)) {
        more = evictOne(true, core.counters.evictedForBytes);
      }
      while (more && room.lacksEntries(0)) {
        more = evictOne(false, core.counters.evictedForEntries);
      }
    } finally {
      core.writerLock.unlock();
    }
  }

  /** Adds a segment and its slots to the free ones. Under the writer's lock. */
  private void grow() throws IOException {
    int from = core.table.capacity();
    core.table.grow();
    core.eviction.reserve(core.table.capacity());
    for (int slot = core.table.capacity() - 1; slot >= from; slot--) {
      retired.addFree(slot);
    }
  }

  private void evictForDisk(int count) {
    core.writerLock.lock();
    try {
      for (int i = 0; i < count && evictOne(true, core.counters.evictedForDisk); i++) {}
    } finally {
      core.writerLock.unlock();
    }
    maintenance.runOnce();
  }

  private boolean evictOne(boolean forBytes, LongAdder cause) {
    for (int attempt = 0; attempt < VICTIMS_MAX; attempt++) {
      int victim = core.eviction.victim(forBytes);
      if (victim < 0) {
        return false;
      }
      if (record.load(victim)) {
        core.eviction.remember(victim, record.textLow());
        remove(victim);
        cause.increment();
        return true;
      }
      // Damaged. Which index holds it is known to the lookup that will find it.
      core.eviction.spare(victim);
    }
    return false;
  }

  /**
   * Removes a live entry whose copy is in {@link #record}: first from what lookups walk through,
   * then on disk. Under the writer's lock.
   */
  private void remove(int slot) {
    EntryId id = record.id();
    int shard = record.shard();
    boolean hasVector = record.hasVector();
    Hash128 scope = record.scope();
    if (record.hasText()) {
      core.exact.remove(record.text(), slot);
    }
    erase(slot);
    core.eviction.removed(slot);
    ScopeIndex index = core.scopes.get(scope);
    if (hasVector) {
      index.remove(slot);
    }
    retired.retire(slot);
    forgetOrWake(index);
    retired.retireFrames(shard, id);
  }

  /** Erases a record that is known to nobody any more. Under the writer's lock. */
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

  /** Removes an entry if it is live. Under the writer's lock. */
  void removeLive(int slot) {
    if (record.load(slot)) {
      remove(slot);
    }
  }

  /** Removes the entry if it is still the one that was found damaged. */
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
      remove(slot);
      return;
    }
    // Which frames are its own cannot be read: they are orphans until the next recovery.
    core.exact.removeDamaged(slot);
    erase(slot);
    core.eviction.removed(slot);
    ScopeIndex index = core.scopes.get(foundIn);
    if (index != null) {
      index.remove(slot);
    }
    retired.retire(slot);
    forgetOrWake(index);
  }

  /**
   * Removes entries whose time is over. Under the writer's lock.
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
      remove(slot);
      core.counters.expired.increment();
    }
  }

  /** Removes the live entries of some slots that match. {@return how many} */
  int removeIf(int from, int to, Predicate<SlotRecord> matches) {
    int removed = 0;
    core.writerLock.lock();
    try {
      for (int slot = from; slot < to; slot++) {
        if (record.load(slot) && matches.test(record)) {
          remove(slot);
          removed++;
        }
      }
    } finally {
      core.writerLock.unlock();
    }
    return removed;
  }

  /** Brings every removal so far to the disk. */
  void forceRemovals() {
    erasures.force();
  }

  /** {@return the number of entries of large scopes that wait for being linked} */
  long unlinked() {
    core.writerLock.lock();
    try {
      long unlinked = 0;
      for (ScopeIndex index : core.scopes.values()) {
        unlinked += index.hasGraph() || index.wantsMaintenance() ? index.unlinked() : 0;
      }
      return unlinked;
    } finally {
      core.writerLock.unlock();
    }
  }

  /** {@return the bytes that live entries hold} */
  long bytesHeld() {
    core.writerLock.lock();
    try {
      return core.eviction.bytes();
    } finally {
      core.writerLock.unlock();
    }
  }

  /** {@return the number of live entries} */
  int live() {
    core.writerLock.lock();
    try {
      return core.eviction.live();
    } finally {
      core.writerLock.unlock();
    }
  }
}
