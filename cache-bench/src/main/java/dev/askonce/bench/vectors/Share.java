package dev.askonce.bench.vectors;

/**
 * How many of those that count were found.
 *
 * @param found from 0 to {@code eligible}
 */
record Share(long found, long eligible) {
  /** The quantile of the normal distribution for 95% on both sides. */
  private static final double Z = 1.959964;

  /** {@return the share, or null where nothing counts} */
  Double value() {
    return eligible == 0 ? null : (double) found / eligible;
  }

  /** {@return the 95% interval by Wilson's score, or null where nothing counts} */
  double[] interval() {
    if (eligible == 0) {
      return null;
    }
    double n = eligible;
    double share = found / n;
    double middle = share + Z * Z / (2 * n);
    double width = Z * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
    double scale = 1 + Z * Z / n;
    return new double[] {
      found == 0 ? 0 : (middle - width) / scale, found == eligible ? 1 : (middle + width) / scale
    };
  }
}
