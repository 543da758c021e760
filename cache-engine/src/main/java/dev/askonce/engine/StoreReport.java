package dev.askonce.engine;

import java.util.List;
import java.util.Optional;

/**
 * What a check of a store's files found.
 *
 * @param condition the verdict
 * @param entries live entries whose record, vector, card and answer verify
 * @param expired those of them whose time is over
 * @param unfinished records that were being written when the process died: no damage
 * @param slots slots in all segments
 * @param bytes length of all files
 * @param findings every damage found
 */
public record StoreReport(
    Condition condition,
    long entries,
    long expired,
    long unfinished,
    long slots,
    long bytes,
    List<Finding> findings) {
  /** The state of a store. */
  public enum Condition {
    /** Closed in order, nothing found. */
    CLEAN,
    /** Not closed in order, nothing found: the next opening recovers it. */
    UNCLEAN,
    /** Something does not verify. An opening leaves it out, or moves the store aside. */
    DAMAGED
  }

  /**
   * One damage.
   *
   * @param file the file it is in
   * @param slot the slot it concerns, where it concerns one
   * @param entry the entry it concerns, as far as its record can be read
   * @param problem what does not hold
   */
  public record Finding(
      String file, Optional<Integer> slot, Optional<EntryId> entry, String problem) {
    @Override
    public String toString() {
      return file
          + slot.map(s -> ", slot " + s).orElse("")
          + entry.map(e -> ", entry " + e).orElse("")
          + ": "
          + problem;
    }
  }
}
