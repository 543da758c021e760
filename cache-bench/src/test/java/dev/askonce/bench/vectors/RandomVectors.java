package dev.askonce.bench.vectors;

import java.util.Random;

/** Random vectors around random centres, so that cosines of all sizes occur. */
final class RandomVectors {
  private static final int CENTRES = 40;

  private final Random random;
  private final float[][] centres;

  RandomVectors(int dimension, long seed) {
    random = new Random(seed);
    centres = new float[CENTRES][];
    for (int i = 0; i < CENTRES; i++) {
      centres[i] = near(new float[dimension], 1);
    }
  }

  /** {@return so many vectors; the closest are near duplicates, the farthest strangers} */
  float[][] vectors(int count) {
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      vectors[i] = near(centres[random.nextInt(CENTRES)], 0.2 + random.nextDouble());
    }
    return vectors;
  }

  private float[] near(float[] centre, double noise) {
    float[] vector = centre.clone();
    for (int i = 0; i < vector.length; i++) {
      vector[i] += (float) (noise * random.nextGaussian());
    }
    return vector;
  }

  static Vectors unit(float[][] rows) {
    Vectors vectors = new Vectors(rows.length, rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      vectors.set(i, rows[i]);
    }
    return vectors;
  }
}
