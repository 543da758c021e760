package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.store.FrameOwner;
import dev.askonce.engine.internal.store.PromptCard;
import dev.askonce.engine.internal.store.ResponseStore;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts. The answer is written first, then slot and vector, then the commit word, and only then what
 * lookups walk through; {@linkplain Removals a removal} goes the other way.
 */
final class WritePath {
  private static final Logger LOG = LoggerFactory.getLogger(WritePath.class);

  /** Entries evicted when the answers' disk is full, before the one retry. */
  private static final int EVICT_FOR_ROOM = 64;

  /** How long no further entries are evicted for the disk after it did not help. */
  private static final long EVICT_AGAIN_MILLIS = 1000;

  /** Expired entries that a put looks at before it evicts others. */
  private static final int EXPIRATIONS_PER_PUT = 64;

  /** Entries that a put links where too many wait: more than it adds, so that they get fewer. */
  private static final int LINKS_PER_PUT = 2;

  private final Core core;
  private final KeyedHash hash;
  private final Limits limits;
  private final long epoch;
  private final SlotRecord record;
  private final Retired retired;
  private final Removals removals;
  private final Versions versions;
  private final AtomicLong sequence = new AtomicLong();

  /** Changes with every put, so that a caller can tell whether a lookup may be out of date. */
  private final AtomicLong version = new AtomicLong();

  private final Room room;

  /** When entries were evicted for the disk and there was no room all the same. */
  private volatile long evictedInVainMillis = -EVICT_AGAIN_MILLIS;

  /** Called, outside of the lock, when maintenance has work to do. */
  private Maintenance maintenance;

  WritePath(
      Core core, KeyedHash hash, Limits limits, long epoch, Retired retired, Removals removals) {
    this.core = core;
    this.hash = hash;
    this.limits = limits;
    this.epoch = epoch;
    this.retired = retired;
    this.removals = removals;
    record = new SlotRecord(core.table);
    versions = new Versions(core);
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
    long expires = core.nowMillis() + ttl(options).toMillis();
    long principal =
        options.provenance().isEmpty() ? 0 : hash.name("provenance", options.provenance());
    long[] tags = new long[options.tags().size()];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = hash.name("tag", options.tags().get(i));
    }
    Write write =
        new Write(asked, answer, tags, principal, options.savedNanoDollars(), expires, null, null);
    EntryId id = nextId();
    Write.Outcome outcome;
    do {
      outcome = put(write, id);
    } while (outcome == Write.Outcome.OUTDATED);
    if (outcome == Write.Outcome.OVER_QUOTA) {
      core.counters.putsOverQuota.increment();
    }
    if (outcome != Write.Outcome.STORED) {
      return Optional.empty();
    }
    core.counters.puts.increment();
    if (core.isReplicated()) {
      core.replication.stored(asked.scope, asked.textHash);
    }
    return Optional.of(id);
  }

  EntryId nextId() {
    return new EntryId(epoch, sequence.incrementAndGet());
  }

  /** Stores an entry under a new id. */
  Write.Outcome put(Write write, EntryId id) {
    if (!core.quotas.areLimited()) {
      return store(write, id);
    }
    Asked asked = write.asked();
    if (!reserveQuota(asked, write.principal())) {
      return Write.Outcome.OVER_QUOTA;
    }
    Write.Outcome outcome = null;
    try {
      outcome = store(write, id);
      return outcome;
    } finally {
      if (outcome != Write.Outcome.STORED) {
        releaseQuota(asked.tenant, write.principal());
      }
    }
  }

  /** Reserves what {@link #commit} takes. {@return false if the quota is used up} */
  private boolean reserveQuota(Asked asked, long principal) {
    core.writerLock.lock();
    try {
      if (!reserveNow(asked, principal)) {
        removals.expire(EXPIRATIONS_PER_PUT);
        return reserveNow(asked, principal);
      }
      return true;
    } finally {
      core.writerLock.unlock();
    }
  }

  private boolean reserveNow(Asked asked, long principal) {
    int replaced = asked.hasText() ? core.exact.find(asked.textHash, record) : ExactTable.ABSENT;
    return core.quotas.reserve(asked.tenant, principal, replaced);
  }

  private void releaseQuota(long tenant, long principal) {
    core.writerLock.lock();
    try {
      core.quotas.release(tenant, principal);
    } finally {
      core.writerLock.unlock();
    }
  }

  private Write.Outcome store(Write write, EntryId id) {
    try {
      return storeAll(write, id);
    } catch (InternalError e) {
      // A slot that was taken for it stays taken until the store is opened again.
      return dropped("a file of the store cannot be read or written");
    }
  }

  private Write.Outcome storeAll(Write write, EntryId id) {
    Asked asked = write.asked();
    PromptCard prompt =
        new PromptCard(limits.storeTexts() ? asked.text : Optional.empty(), write.tags());
    Optional<SecretKey> key;
    try {
      key = core.frames.key(asked.tenant);
    } catch (IOException e) {
      return dropped("no key for the tenant: " + e);
    }
    long tagBits = 0;
    for (long tag : write.tags()) {
      tagBits |= PromptCard.tagBits(tag);
    }
    SlotRecord fields =
        new SlotRecord(core.table)
            .set(
                id,
                asked.scope,
                asked.textHash,
                asked.tenant,
                write.principal(),
                versions.of(write),
                write.expiresMillis(),
                write.savedNanoDollars(),
                tagBits);
    FrameOwner owner = fields.owner(core.frames.isSealing());
    byte[] card = core.frames.encode(owner, key, prompt);
    byte[] frame = core.frames.encode(owner, key, write.answer());
    int shard = core.responses.put(id, card, frame);
    if (shard == ResponseStore.REFUSED) {
      shard = putAfterEviction(id, card, frame);
    }
    if (shard == ResponseStore.REFUSED) {
      return dropped("no room for the answer");
    }
    fields.setFrames(frame.length, card.length, shard);
    CrashPoint.CARD_STORED.reached();
    Write.Outcome outcome = commit(write, fields, key);
    if (outcome != Write.Outcome.STORED) {
      core.responses.remove(shard, id);
    }
    return outcome == Write.Outcome.NO_ROOM
        ? dropped("no room for the entry, or its tenant was just invalidated")
        : outcome;
  }

  private Duration ttl(PutOptions options) {
    Duration ttl = options.ttl().orElse(limits.ttl());
    if (ttl.compareTo(limits.ttlMax()) > 0) {
      throw new CacheException.InvalidOption(
          "ttl " + ttl + " is over the operator's limit of " + limits.ttlMax());
    }
    return ttl;
  }

  private Write.Outcome dropped(String why) {
    core.counters.putsDropped.increment();
    LOG.warn("a put was dropped: {}", why);
    return Write.Outcome.NO_ROOM;
  }

  private Write.Outcome commit(Write write, SlotRecord fields, Optional<SecretKey> key) {
    Asked asked = write.asked();
    int bytes = fields.heldBytes(asked.vector != null);
    if (!room.canHold(bytes)) {
      return Write.Outcome.NO_ROOM;
    }
    int slot = takeSlot(asked, bytes);
    if (slot < 0) {
      // Evicted slots come back once maintenance has seen the last reader leave.
      maintenance.runOnce();
      slot = takeSlot(asked, bytes);
      if (slot < 0) {
        return Write.Outcome.NO_ROOM;
      }
    }
    CrashPoint.SLOT_TAKEN.reached();
    boolean work;
    ScopeIndex behind;
    core.writerLock.lock();
    try {
      room.release(bytes);
      Write.Outcome refusal = refusal(write, fields, key);
      if (refusal != null) {
        retired.addFree(slot);
        return refusal;
      }
      if (asked.hasText()) {
        int old = core.exact.find(asked.textHash, record);
        if (old != ExactTable.ABSENT) {
          removals.remove(record, old);
          CrashPoint.REPLACED_REMOVED.reached();
        }
      }
      ScopeIndex index = publish(asked, fields, slot);
      core.quotas.release(fields.tenant(), fields.provenance());
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
    if (behind != null && !write.isForeign()) {
      link(behind, LINKS_PER_PUT);
    }
    return Write.Outcome.STORED;
  }

  /** {@return why an entry is not to be stored, or null} */
  private Write.Outcome refusal(Write write, SlotRecord fields, Optional<SecretKey> key) {
    if (core.frames.isKey(write.asked().tenant, key)) {
      return versions.refusal(write, fields);
    }
    // Its tenant was just invalidated; what other caches put after that is taken all the same.
    return write.isForeign() ? Write.Outcome.OUTDATED : Write.Outcome.NO_ROOM;
  }

  private ScopeIndex publish(Asked asked, SlotRecord fields, int slot) {
    try {
      fields.publish(slot, asked.vector);
      return register(fields, slot, false);
    } catch (InternalError e) {
      // It may come some steps after the access that failed, which was skipped.
      removals.disown(fields, slot);
      throw e;
    }
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
    ScopeIndex index =
        core.scopes.computeIfAbsent(
            fields.scope(), scope -> new ScopeIndex(scope, core.space, core.epochs));
    if (fields.hasVector() && !linked) {
      // First: it reads pages of the disk, and where that fails nothing else knows the entry.
      index.add(slot);
    }
    if (fields.hasText()) {
      core.exact.add(fields.text(), slot);
    }
    core.quotas.added(slot, fields.tenant(), fields.provenance());
    core.latestVersion = Math.max(core.latestVersion, fields.createdMillis());
    core.wheel.schedule(slot, fields.expiresMillis());
    core.eviction.added(
        slot,
        fields.textLow(),
        fields.savedNanos(),
        fields.heldBytes(fields.hasVector()),
        core.counters.requests());
    if (!fields.hasVector()) {
      core.vectorless.merge(fields.scope(), 1, Integer::sum);
    }
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
        removals.expire(EXPIRATIONS_PER_PUT);
        mayExpire = false;
      } else if (!removals.evictOne(
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
        more = removals.evictOne(true, core.counters.evictedForBytes);
      }
      while (more && room.lacksEntries(0)) {
        more = removals.evictOne(false, core.counters.evictedForEntries);
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

  /** Lets some entries leave and tries once more, unless that did not help just before. */
  private int putAfterEviction(EntryId id, byte[] card, byte[] frame) {
    long now = core.nowMillis();
    if (Math.abs(now - evictedInVainMillis) < EVICT_AGAIN_MILLIS) {
      return ResponseStore.REFUSED;
    }
    core.writerLock.lock();
    try {
      for (int i = 0;
          i < EVICT_FOR_ROOM && removals.evictOne(true, core.counters.evictedForDisk);
          i++) {}
    } finally {
      core.writerLock.unlock();
    }
    maintenance.runOnce();
    int shard = core.responses.put(id, card, frame);
    if (shard == ResponseStore.REFUSED) {
      evictedInVainMillis = now;
    }
    return shard;
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
