package dev.askonce.engine.internal.cache;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;

/** What was verified of one entry inside the readers' epoch, to go on with outside of it. */
record Found(
    int slot,
    long commit,
    EntryId id,
    Hash128 scope,
    Hash128 text,
    long tenant,
    int shard,
    long createdMillis,
    long expiresMillis,
    long savedNanos,
    float cosine) {

  static Found of(SlotRecord record, int slot, float cosine) {
    return new Found(
        slot,
        record.commit(),
        record.id(),
        record.scope(),
        record.text(),
        record.tenant(),
        record.shard(),
        record.createdMillis(),
        record.expiresMillis(),
        record.savedNanos(),
        cosine);
  }
}
