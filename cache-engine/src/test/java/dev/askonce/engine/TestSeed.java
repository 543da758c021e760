package dev.askonce.engine;

import java.util.Random;

/**
 * Where randomised tests get their randomness: {@code -Daskonce.seed=N} replays a run, otherwise
 * the seed is the test's own, so that every build does the same.
 */
public final class TestSeed {
  /** Replays one seed. */
  public static final String PROPERTY = "askonce.seed";

  private TestSeed() {}

  /** {@return the seed to use, printed} */
  public static long next(String test, long usual) {
    long seed = Long.getLong(PROPERTY, usual);
    System.out.println(test + ": -D" + PROPERTY + "=" + seed);
    return seed;
  }

  /** {@return a generator whose seed is printed} */
  public static Random random(String test, long usual) {
    return new Random(next(test, usual));
  }

  /** {@return a unit vector in a random direction} */
  public static float[] unitVector(Random random, int dimension) {
    float[] vector = new float[dimension];
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += (double) vector[i] * vector[i];
    }
    return scaled(vector, 1 / Math.sqrt(squares));
  }

  /** {@return a unit vector whose cosine to the unit vector {@code centre} is {@code cosine}} */
  public static float[] near(Random random, float[] centre, double cosine) {
    float[] away = unitVector(random, centre.length);
    double along = 0;
    for (int i = 0; i < away.length; i++) {
      along += (double) away[i] * centre[i];
    }
    double squares = 0;
    for (int i = 0; i < away.length; i++) {
      away[i] -= (float) (along * centre[i]);
      squares += (double) away[i] * away[i];
    }
    double side = Math.sqrt((1 - cosine * cosine) / squares);
    for (int i = 0; i < away.length; i++) {
      away[i] = (float) (cosine * centre[i] + side * away[i]);
    }
    return away;
  }

  private static float[] scaled(float[] vector, double scale) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * scale);
    }
    return vector;
  }
}
