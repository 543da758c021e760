package dev.askonce.engine.internal.cache;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.store.FrameOwner;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;

/** What was verified of one entry inside the readers' epoch, to go on with outside of it. */
record Found(
    int slot,
    long commit,
    FrameOwner owner,
    Hash128 text,
    int shard,
    long createdMillis,
    long expiresMillis,
    long savedNanos,
    float cosine) {

  /**
   * {@return what a copy of a record says}
   *
   * @param sealed whether the entry's frames are sealed
   */
  static Found of(SlotRecord record, int slot, float cosine, boolean sealed) {
    return new Found(
        slot,
        record.commit(),
        record.owner(sealed),
        record.text(),
        record.shard(),
        record.createdMillis(),
        record.expiresMillis(),
        record.savedNanos(),
        cosine);
  }

  EntryId id() {
    return owner.id();
  }

  Hash128 scope() {
    return owner.scope();
  }
}
