package dev.askonce.bench.vectors;

/** What is asked for. */
enum Mode {
  /** One entry at the run's threshold or over it, not always the best. */
  ANY("any", 1, 0),
  /** The best four at 0.80 or over it: what a decision stage looks at. */
  BEST4("best4", 4, 0.80f),
  /** The best entry, however far. */
  NEAREST("nearest", 1, 0);

  final String label;
  final int k;

  /** The least cosine that is of interest, but for {@link #ANY}, where it is the threshold. */
  final float floor;

  Mode(String label, int k, float floor) {
    this.label = label;
    this.k = k;
    this.floor = floor;
  }
}
