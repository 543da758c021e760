package dev.askonce.bench.image;

/** What a campaign counts. */
public enum Outcome {
  /** Damaged or cut stores that were looked at. */
  CYCLES,
  /** Stores as a power cut may have left them. */
  IMAGES,
  /** Moments of which every combination of what may be lost was tried. */
  EXHAUSTED,
  /** Answers that had been invalidated before the power was cut. */
  REVIVED,
  /** Bits that were flipped. */
  FLIPS,
  /** Answers that were not the ones stored for their scope and text. */
  WRONG,
  /** Cases that did not end in time. */
  HUNG,
  /** JVMs that died. */
  CRASHED,
  /** Openings that failed: a store must open, empty if need be. */
  REFUSED,
  /** Stores that were moved aside as damaged. */
  ASIDE,
  /** Entries that are gone. */
  LOST,
  /** Entries that answered. */
  KEPT,
  /** Damages of checksummed bytes of which {@code fsck} said nothing. */
  UNREPORTED,
  /** Cases in which more entries were lost than the damage excuses. */
  EXCESS,
  /**
   * Entries lost with a whole page, as if they had never been stored: each record that is left is
   * right by itself.
   */
  SILENT,
  /** Stores whose files have grown beyond all reason. */
  GROWN,
  /** Calls that threw something at their caller. */
  THROWN;

  /** Whether a sound engine has none of it. */
  public boolean isFailure() {
    return switch (this) {
      case CYCLES, IMAGES, EXHAUSTED, FLIPS, SILENT, ASIDE, LOST, KEPT -> false;
      default -> true;
    };
  }
}
