package dev.askonce.bench.crash;

/** The first words of the lines that a child tells its parent. */
final class Report {
  /** It is about to open the store. */
  static final String OPENING = "opening";

  /** The store is open; after how many milliseconds. */
  static final String OPENED = "opened";

  /** Everything was asked for; how many were kept, lost and wrong. */
  static final String VERIFIED = "verified";

  /** All its threads have gone on since the line before. */
  static final String TICK = "tick";

  /** An answer that must not be. */
  static final String WRONG = "wrong";

  /** An answer that is missing, although it was acknowledged. */
  static final String LOST = "lost";

  /** The store could not be opened, or was moved aside. */
  static final String REFUSED = "refused";

  /** A call threw. */
  static final String FAILED = "failed";

  /** The end is near: at the point that was asked for. */
  static final String REACHED = "reached";

  private Report() {}
}
