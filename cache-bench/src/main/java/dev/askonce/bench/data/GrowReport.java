package dev.askonce.bench.data;

/**
 * A grown set beside the real one. Cosines are medians over a sample, found by exact search.
 *
 * @param ksNearest Kolmogorov-Smirnov distance between the cosines to the nearest other vector,
 *     real and grown
 * @param ksTenth the same for the tenth nearest
 * @param copies copies of the real set in the grown one, itself among them
 * @param departure how far they are turned, from 0 to 1
 * @param fromOtherCopies share of the ten nearest that are of another copy than the vector
 * @param siblings share of the ten nearest that are other copies of the vector itself
 */
public record GrowReport(
    int rows,
    int baseRows,
    int dimension,
    long seed,
    double ksNearest,
    double ksTenth,
    float nearestReal,
    float nearestGrown,
    float tenthReal,
    float tenthGrown,
    double intrinsicDimensionReal,
    double intrinsicDimensionGrown,
    int copies,
    double departure,
    double fromOtherCopies,
    double siblings,
    int sampleReal,
    int sampleGrown,
    double seconds) {
  /** The widest gap at which the grown set has the structure of the real one. */
  public static final double KS_MAX = 0.05;

  /** {@return whether nearest neighbours are as near as the real ones} */
  public boolean isFaithful() {
    return ksNearest <= KS_MAX;
  }
}
