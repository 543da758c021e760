package dev.askonce.bench.data;

import java.io.IOException;
import java.nio.file.Path;

/** A grown set measured against the real one, over samples of both. */
final class Comparison {
  private static final int SAMPLE_REAL = 8192;
  private static final int SAMPLE_GROWN = 4096;

  private final VectorFile base;
  private final int[] origins;
  private final long seed;

  /**
   * @param origins for each row of the grown set its copy times the base's rows, plus the base's
   *     row
   */
  Comparison(VectorFile base, int[] origins, long seed) {
    this.base = base;
    this.origins = origins;
    this.seed = seed;
  }

  GrowReport report(Path file, double departure, long started) throws IOException {
    LocalStructure real =
        LocalStructure.of(Sample.of(base, SAMPLE_REAL, seed + 1).neighbours(base));
    try (VectorFile set = VectorFile.open(file, base.dimension())) {
      Sample sample = Sample.of(set, SAMPLE_GROWN, seed + 2);
      Nearest found = sample.neighbours(set);
      LocalStructure grown = LocalStructure.of(found);
      return new GrowReport(
          set.count(),
          base.count(),
          base.dimension(),
          seed,
          LocalStructure.kolmogorovSmirnov(real.nearest(), grown.nearest()),
          LocalStructure.kolmogorovSmirnov(real.tenth(), grown.tenth()),
          median(real.nearest()),
          median(grown.nearest()),
          median(real.tenth()),
          median(grown.tenth()),
          real.intrinsicDimension(),
          grown.intrinsicDimension(),
          Math.ceilDiv(set.count(), base.count()),
          departure,
          share(sample, found, false),
          share(sample, found, true),
          real.nearest().length,
          grown.nearest().length,
          (System.nanoTime() - started) / 1e9);
    }
  }

  /** {@return the share of neighbours from another copy, of the same origin or of any} */
  private double share(Sample sample, Nearest found, boolean sameOrigin) {
    long matching = 0;
    for (int query = 0; query < sample.indices().length; query++) {
      int own = origins[(int) sample.indices()[query]];
      for (int rank = 0; rank < LocalStructure.DEPTH; rank++) {
        int other = origins[(int) found.id(query, rank)];
        boolean elsewhere = own / base.count() != other / base.count();
        boolean sibling = own % base.count() == other % base.count();
        matching += elsewhere && (sibling || !sameOrigin) ? 1 : 0;
      }
    }
    return (double) matching / found.queryCount() / LocalStructure.DEPTH;
  }

  private static float median(float[] ascending) {
    return ascending[ascending.length / 2];
  }
}
