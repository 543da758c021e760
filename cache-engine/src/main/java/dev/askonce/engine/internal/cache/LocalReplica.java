package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.store.PromptCard;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** A {@link LocalSemanticCache} as its replication sees and changes it. */
final class LocalReplica implements Replica {
  /** How far the length of a unit vector may be from one. */
  private static final float LENGTH_SLACK = 1e-3f;

  /**
   * Which of two entries of the same key and version remains, everywhere: any order does that tells
   * apart whatever may differ.
   */
  private static final Comparator<ReplicaEntry> AT_EQUAL_VERSIONS =
      Comparator.<ReplicaEntry, byte[]>comparing(e -> e.answer().body(), Arrays::compareUnsigned)
          .thenComparing(e -> e.answer().contentType())
          .thenComparingLong(ReplicaEntry::expiresMillis)
          .thenComparingLong(ReplicaEntry::savedNanoDollars)
          .thenComparingLong(ReplicaEntry::principal)
          .thenComparing(ReplicaEntry::tags, Arrays::compare)
          .thenComparing(e -> e.text().orElse(""))
          .thenComparing(e -> e.vector().orElse(new float[0]), Arrays::compare);

  private final CacheSettings settings;
  private final Core core;
  private final KeyedHash hash;
  private final WritePath writePath;
  private final Invalidation invalidation;

  LocalReplica(
      CacheSettings settings,
      Core core,
      KeyedHash hash,
      WritePath writePath,
      Invalidation invalidation) {
    this.settings = settings;
    this.core = core;
    this.hash = hash;
    this.writePath = writePath;
    this.invalidation = invalidation;
  }

  @Override
  public Outcome put(ReplicaEntry entry) {
    if (!Core.isInTime(entry.version(), entry.expiresMillis(), core.nowMillis())) {
      return Outcome.OUT_OF_TIME;
    }
    if (!fits(entry)) {
      return Outcome.REFUSED;
    }
    Asked asked = new Asked(entry.scope(), entry.tenant(), entry.text(), entry.key());
    asked.vector = entry.vector().orElse(null);
    while (true) {
      EntryId tied = null;
      Known known = known(entry.key());
      if (known != null && known.version >= entry.version()) {
        if (known.version > entry.version() || !wins(entry)) {
          return Outcome.KNOWN;
        }
        tied = known.id;
      }
      if (!core.replication.admits(entry)) {
        return Outcome.REMOVED;
      }
      Write write =
          new Write(
              asked,
              entry.answer(),
              entry.tags(),
              entry.principal(),
              entry.savedNanoDollars(),
              entry.expiresMillis(),
              entry,
              tied);
      switch (writePath.put(write, writePath.nextId())) {
        case STORED:
          return Outcome.STORED;
        case REMOVED:
          return Outcome.REMOVED;
        case OUTDATED:
          continue;
        default:
          return Outcome.REFUSED;
      }
    }
  }

  private boolean fits(ReplicaEntry entry) {
    return entry.answer().body().length <= settings.answerBytesMax()
        && entry.text().orElse("").length() <= settings.textCharsMax()
        && !entry.key().equals(Hash128.ZERO)
        && entry.vector().map(this::isUnit).orElse(true);
  }

  private boolean isUnit(float[] vector) {
    if (vector.length != settings.dimension()) {
      return false;
    }
    float squares = 0;
    for (float component : vector) {
      squares += component * component;
    }
    return Math.abs(squares - 1) <= LENGTH_SLACK;
  }

  /** {@return whether an entry remains beside the one here that has its key and version} */
  private boolean wins(ReplicaEntry entry) {
    return find(entry.scope(), entry.key())
        .filter(mine -> mine.version() == entry.version())
        .map(mine -> AT_EQUAL_VERSIONS.compare(entry, mine) > 0)
        // What cannot be read any more is worth less than what is offered.
        .orElse(true);
  }

  private record Known(EntryId id, long version) {}

  private Known known(Hash128 key) {
    SlotRecord record = new SlotRecord(core.table);
    core.writerLock.lock();
    try {
      return core.exact.find(key, record) == ExactTable.ABSENT
          ? null
          : new Known(record.id(), record.createdMillis());
    } finally {
      core.writerLock.unlock();
    }
  }

  @Override
  public long remove(Removal removal) {
    return invalidation.apply(removal);
  }

  @Override
  public Optional<ReplicaEntry> find(Hash128 scope, Hash128 key) {
    SlotRecord record = new SlotRecord(core.table);
    float[] vector;
    core.writerLock.lock();
    try {
      int slot = core.exact.find(key, record);
      if (slot == ExactTable.ABSENT || !record.isIn(scope)) {
        return Optional.empty();
      }
      vector = vector(record, slot);
    } finally {
      core.writerLock.unlock();
    }
    return read(record, vector);
  }

  @Override
  public void forEach(Hash128 scope, Consumer<ReplicaEntry> action) {
    forEach(
        slot -> core.table.isServable(slot, scope, core.nowMillis()),
        live -> live.isIn(scope),
        action);
  }

  @Override
  public void forEachSince(long version, Consumer<ReplicaEntry> action) {
    forEach(slot -> true, live -> live.createdMillis() >= version, action);
  }

  /**
   * Shows entries.
   *
   * @param perhaps of a slot, without a copy of its record
   */
  private void forEach(
      IntPredicate perhaps, Predicate<SlotRecord> matches, Consumer<ReplicaEntry> action) {
    SlotRecord record = new SlotRecord(core.table);
    for (int slot = 0; slot < core.table.capacity(); slot++) {
      if (!perhaps.test(slot)) {
        continue;
      }
      float[] vector;
      core.writerLock.lock();
      try {
        if (!record.load(slot) || !record.hasText() || !matches.test(record)) {
          continue;
        }
        vector = vector(record, slot);
      } finally {
        core.writerLock.unlock();
      }
      read(record, vector).ifPresent(action);
    }
  }

  private float[] vector(SlotRecord record, int slot) {
    if (!record.hasVector()) {
      return null;
    }
    float[] vector = new float[core.table.dimension()];
    Memory.copyOut(core.table.vectorAddress(slot), vector);
    return vector;
  }

  /** {@return the entry of a record, or empty if its frames are gone or do not verify} */
  private Optional<ReplicaEntry> read(SlotRecord record, float[] vector) {
    if (!Core.isInTime(record.createdMillis(), record.expiresMillis(), core.nowMillis())) {
      return Optional.empty();
    }
    // What cannot be read yet is not what is not here.
    core.responses.awaitOpen();
    try {
      byte[] card = core.responses.card(record.shard(), record.id());
      byte[] answer = core.responses.answer(record.shard(), record.id());
      if (card == null || answer == null) {
        return Optional.empty();
      }
      var owner = record.owner(core.frames.isSealing());
      Optional<Answer> body = core.frames.answer(owner, answer);
      return body.isEmpty()
          ? Optional.empty()
          : core.frames
              .card(owner, card)
              .map(prompt -> entry(record, prompt, Optional.ofNullable(vector), body.get()));
    } catch (TimeoutException e) {
      return Optional.empty();
    }
  }

  private static ReplicaEntry entry(
      SlotRecord record, PromptCard prompt, Optional<float[]> vector, Answer answer) {
    return new ReplicaEntry(
        record.scope(),
        record.text(),
        record.createdMillis(),
        record.expiresMillis(),
        record.tenant(),
        record.provenance(),
        prompt.tags(),
        record.savedNanos(),
        prompt.text(),
        vector,
        answer);
  }

  @Override
  public boolean has(Hash128 scope) {
    return core.scopes.containsKey(scope) || core.vectorless.containsKey(scope);
  }

  @Override
  public Set<Hash128> scopes() {
    Set<Hash128> scopes = new HashSet<>(core.scopes.keySet());
    scopes.addAll(core.vectorless.keySet());
    return scopes;
  }

  @Override
  public void used(Hash128 key) {
    SlotRecord record = new SlotRecord(core.table);
    core.writerLock.lock();
    try {
      int slot = core.exact.find(key, record);
      if (slot != ExactTable.ABSENT) {
        core.eviction.used(slot);
      }
    } finally {
      core.writerLock.unlock();
    }
  }

  @Override
  public KeyedHash names() {
    return hash;
  }

  @Override
  public Path directory() {
    return settings.directory();
  }

  @Override
  public int dimension() {
    return settings.dimension();
  }

  @Override
  public String vectorFingerprint() {
    return settings.vectorFingerprint();
  }

  @Override
  public Duration ttlMax() {
    return settings.ttlMax();
  }

  @Override
  public long nowMillis() {
    return core.nowMillis();
  }

  @Override
  public long sureMillis() {
    return core.clock.sureMillis();
  }
}
