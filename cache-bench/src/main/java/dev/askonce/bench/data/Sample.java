package dev.askonce.bench.data;

import java.util.Arrays;
import java.util.Random;

/** Some rows of a set, each at most once, and which they are. */
record Sample(float[][] rows, long[] indices) {
  /** {@return {@code size} rows by chance, or all of a smaller set} */
  static Sample of(VectorFile set, int size, long seed) {
    long[] indices =
        new Random(seed)
            .ints(0, set.count())
            .distinct()
            .limit(Math.min(size, set.count()))
            .asLongStream()
            .toArray();
    float[][] rows = new float[indices.length][];
    Arrays.setAll(rows, i -> set.row((int) indices[i]));
    return new Sample(rows, indices);
  }

  /** {@return the neighbours of each in its set, itself left out} */
  Nearest neighbours(VectorFile set) {
    return new ExactSearch(set.rows(), set.dimension())
        .nearest(rows, indices, LocalStructure.DEPTH);
  }
}
