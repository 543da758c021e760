package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.spi.ReplicaEntry;

/**
 * One entry on its way to the disk.
 *
 * @param tags keyed hashes
 * @param principal keyed hash, or 0
 * @param foreign the same as another cache put it, or null where a caller of this one does
 * @param tied the entry of the same key and version that {@code foreign} wins over, or null
 */
record Write(
    Asked asked,
    Answer answer,
    long[] tags,
    long principal,
    long savedNanoDollars,
    long expiresMillis,
    ReplicaEntry foreign,
    EntryId tied) {

  boolean isForeign() {
    return foreign != null;
  }

  /** What became of it. */
  enum Outcome {
    STORED,
    NO_ROOM,
    OVER_QUOTA,
    /** A newer entry, or removal, of the same key came between: to be tried again, or known. */
    OUTDATED,
    /** A removal covers it. */
    REMOVED
  }
}
