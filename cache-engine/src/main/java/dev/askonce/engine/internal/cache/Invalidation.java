package dev.askonce.engine.internal.cache;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.store.PromptCard;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Removes what a caller no longer wants served, on the disk too, before it returns. */
final class Invalidation {
  /** Slots looked at before the lock is given up for others. */
  private static final int SLOTS_PER_LOCK = 1024;

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
    return run(candidate -> candidate.id().equals(id)) > 0;
  }

  /** Removes an entry if it is stored under this text; the zero hash says under none. */
  boolean entry(EntryId id, Hash128 text) {
    return run(candidate -> candidate.id().equals(id) && candidate.isText(text)) > 0;
  }

  long tag(String name) {
    // Whether an entry has the tag is in its card.
    core.responses.awaitOpen();
    long tag = hash.name("tag", name);
    long bits = PromptCard.tagBits(tag);
    return run(candidate -> (candidate.tagBits() & bits) == bits && hasTag(candidate, tag));
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
    return run(candidate -> candidate.isIn(scope));
  }

  long tenant(long tenant) {
    IOException failure = null;
    try {
      core.frames.forget(tenant);
      core.feedback.forget(tenant);
    } catch (IOException e) {
      failure = e;
    }
    long removed = run(candidate -> candidate.tenant() == tenant);
    if (failure != null) {
      throw new CacheException.StoreUnavailable(
          "the tenant's entries are invalidated, but its key, or hashes of its questions, may still"
              + " be on the disk: "
              + failure,
          failure);
    }
    return removed;
  }

  long provenance(String principal) {
    long provenance = hash.name("provenance", principal);
    return run(candidate -> candidate.provenance() == provenance);
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
