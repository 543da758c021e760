package dev.askonce.engine.internal.cache;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.store.PromptCard;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.Removal;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what a caller no longer wants served, on the disk too, before it returns. */
final class Invalidation {
  /** Slots looked at before the lock is given up for others. */
  private static final int SLOTS_PER_LOCK = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Invalidation.class);

  private final Core core;
  private final KeyedHash hash;
  private final Removals removals;
  private final Maintenance maintenance;

  Invalidation(Core core, KeyedHash hash, Removals removals, Maintenance maintenance) {
    this.core = core;
    this.hash = hash;
    this.removals = removals;
    this.maintenance = maintenance;
  }

  boolean entry(EntryId id) {
    return run(announced(candidate -> candidate.id().equals(id))) > 0;
  }

  /** Removes an entry if it is stored under this text; the zero hash says under none. */
  boolean entry(EntryId id, Hash128 text) {
    return run(announced(candidate -> candidate.id().equals(id) && candidate.isText(text))) > 0;
  }

  /** {@return the same condition; where it holds, the others are told before the entry goes} */
  private Predicate<SlotRecord> announced(Predicate<SlotRecord> matches) {
    return !core.isReplicated()
        ? matches
        : candidate -> {
          if (!matches.test(candidate)) {
            return false;
          }
          long version = Math.max(core.nowMillis(), candidate.createdMillis());
          core.replication.removing(Removal.entry(candidate.scope(), candidate.text(), version));
          return true;
        };
  }

  /** Tells the others of a removal, if there are any. {@return the highest version that goes} */
  private long announcedThrough(LongFunction<Removal> removal) {
    if (!core.isReplicated()) {
      return Long.MAX_VALUE;
    }
    long version = Math.max(core.nowMillis(), core.latestVersion);
    core.replication.removing(removal.apply(version));
    return version;
  }

  /** Removes what a removal covers, and tells nobody. {@return how many} */
  long apply(Removal removal) {
    long name = removal.name();
    return switch (removal.kind()) {
      case ENTRY ->
          removals.removeOne(removal.key(), live -> live.createdMillis() <= removal.version());
      case SCOPE -> scope(removal.scope(), removal.version());
      case TAG -> tag(name, removal.version());
      case TENANT -> oldOfTenant(name, removal.version());
      case PRINCIPAL -> principal(name, removal.version());
    };
  }

  long tag(String name) {
    long tag = hash.name("tag", name);
    return tag(tag, announcedThrough(version -> Removal.named(Removal.Kind.TAG, tag, version)));
  }

  private long tag(long tag, long version) {
    // Whether an entry has the tag is in its card.
    core.responses.awaitOpen();
    long bits = PromptCard.tagBits(tag);
    return run(
        candidate ->
            (candidate.tagBits() & bits) == bits
                && candidate.createdMillis() <= version
                && hasTag(candidate, tag));
  }

  private boolean hasTag(SlotRecord candidate, long tag) {
    try {
      byte[] frame = core.responses.card(candidate.shard(), candidate.id());
      // A card that cannot be read may have had the tag.
      return frame == null
          || core.frames
              .card(candidate.owner(core.frames.isSealing()), frame)
              .map(card -> card.hasTag(tag))
              .orElse(true);
    } catch (TimeoutException e) {
      return true;
    }
  }

  long scope(Hash128 scope) {
    return scope(scope, announcedThrough(version -> Removal.scope(scope, version)));
  }

  private long scope(Hash128 scope, long version) {
    return run(candidate -> candidate.isIn(scope) && candidate.createdMillis() <= version);
  }

  long tenant(long tenant) {
    long version;
    IOException failure;
    // Under the lock: what is put meanwhile is old, and goes, or not sealed with the key that goes.
    core.writerLock.lock();
    try {
      version = announcedThrough(latest -> Removal.named(Removal.Kind.TENANT, tenant, latest));
      failure = forget(tenant);
    } finally {
      core.writerLock.unlock();
    }
    long removed = run(candidate -> isOldOf(tenant, candidate, version));
    if (failure != null) {
      throw new CacheException.StoreUnavailable(
          "the tenant's entries are invalidated, but its key, or hashes of its questions, may still"
              + " be on the disk: "
              + failure,
          failure);
    }
    return removed;
  }

  /** Removes a tenant's entries, and its key if there are no newer ones. */
  private long oldOfTenant(long tenant, long version) {
    boolean[] hasNewer = {false};
    long removed =
        run(
            candidate -> {
              hasNewer[0] |= candidate.tenant() == tenant && candidate.createdMillis() > version;
              return isOldOf(tenant, candidate, version);
            });
    if (!hasNewer[0]) {
      IOException failure = forgetUnlessPut(tenant);
      if (failure != null) {
        LOG.warn(
            "a tenant's key, or hashes of its questions, may still be on the disk: {}",
            failure.toString());
      }
    }
    return removed;
  }

  private static boolean isOldOf(long tenant, SlotRecord candidate, long version) {
    return candidate.tenant() == tenant && candidate.createdMillis() <= version;
  }

  /** Forgets a tenant, unless something was put since that is sealed with its key. */
  private IOException forgetUnlessPut(long tenant) {
    core.writerLock.lock();
    try {
      return core.frames.isSealing() && has(tenant) ? null : forget(tenant);
    } finally {
      core.writerLock.unlock();
    }
  }

  private boolean has(long tenant) {
    SlotRecord record = new SlotRecord(core.table);
    for (int slot = 0; slot < core.table.capacity(); slot++) {
      if (record.load(slot) && record.tenant() == tenant) {
        return true;
      }
    }
    return false;
  }

  /** {@return why something may be left, or null} */
  private IOException forget(long tenant) {
    try {
      core.frames.forget(tenant);
      core.feedback.forget(tenant);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  long provenance(String principal) {
    long name = hash.name("provenance", principal);
    return principal(
        name, announcedThrough(version -> Removal.named(Removal.Kind.PRINCIPAL, name, version)));
  }

  private long principal(long name, long version) {
    return run(candidate -> candidate.provenance() == name && candidate.createdMillis() <= version);
  }

  private long run(Predicate<SlotRecord> matches) {
    long removed = 0;
    // Entries put while this runs need not go: they were put after the call.
    int end = core.table.capacity();
    for (int from = 0; from < end; from += SLOTS_PER_LOCK) {
      removed += removals.removeIf(from, Math.min(end, from + SLOTS_PER_LOCK), matches);
    }
    core.counters.invalidated.add(removed);
    removals.force();
    maintenance.runOnce();
    return removed;
  }
}
