package dev.askonce.bench.data;

import java.util.Arrays;
import java.util.Random;

/**
 * How far copies must be turned away: as little as leaves the neighbours of a sample what they are
 * in one copy, so that the copies overlap where the set is thin rather than lie apart.
 */
final class Departure {
  private static final int SAMPLE = 512;
  private static final int STEPS = 6;

  /** Widest gaps between a sample's cosines with and without the other copies. */
  private static final double NEAREST_MAX = 0.015;

  private static final double TENTH_MAX = 0.03;

  private final VectorFile base;
  private final ExactSearch search;
  private final int copies;
  private final long seed;
  private final float[][] coordinates;
  private final int[] copyOf;
  private final long[] rowOf;
  private final LocalStructure alone;

  Departure(VectorFile base, Axes axes, int copies, long seed) {
    this.base = base;
    this.copies = copies;
    this.seed = seed;
    search = new ExactSearch(base.rows(), base.dimension());
    Random random = new Random(seed);
    float[][] vectors = new float[Math.min(SAMPLE, base.count())][];
    copyOf = new int[vectors.length];
    rowOf = new long[vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      rowOf[i] = random.nextInt(base.count());
      copyOf[i] = random.nextInt(copies);
      vectors[i] = base.row((int) rowOf[i]);
    }
    coordinates = axes.coordinates(vectors);
    alone = LocalStructure.of(search.nearest(vectors, rowOf, LocalStructure.DEPTH));
  }

  /** {@return the least departure that fits, or 1} */
  double least(Axes axes, Progress progress) {
    double tooLittle = 0;
    double enough = 1;
    for (int step = 1; step <= STEPS; step++) {
      double middle = (tooLittle + enough) / 2;
      if (fits(axes, middle)) {
        enough = middle;
      } else {
        tooLittle = middle;
      }
      progress.step(String.format("step %d of %d: departure %.3f", step, STEPS, enough));
    }
    return enough;
  }

  private boolean fits(Axes axes, double departure) {
    TurnedCopies turns = new TurnedCopies(copies, base.dimension(), departure, seed);
    Nearest found = new Nearest(coordinates.length, LocalStructure.DEPTH);
    for (int copy = 0; copy < copies; copy++) {
      // To turn a query back costs less than to turn all rows: the cosines are the same.
      float[][] seen = new float[coordinates.length][];
      long[] excluded = new long[seen.length];
      Arrays.fill(excluded, ExactSearch.NONE);
      for (int i = 0; i < seen.length; i++) {
        seen[i] = turns.turned(coordinates[i], copyOf[i], copy);
        if (copyOf[i] == copy) {
          excluded[i] = rowOf[i];
        }
      }
      search.addTo(found, axes.vectors(seen), excluded, (long) copy * base.count());
    }
    LocalStructure together = LocalStructure.of(found);
    return LocalStructure.kolmogorovSmirnov(alone.nearest(), together.nearest()) <= NEAREST_MAX
        && LocalStructure.kolmogorovSmirnov(alone.tenth(), together.tenth()) <= TENTH_MAX;
  }
}
