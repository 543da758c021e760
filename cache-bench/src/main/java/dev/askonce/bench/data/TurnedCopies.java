package dev.askonce.bench.data;

import java.util.Random;

/**
 * Copies of a set, each turned by angles of its own in the planes of neighbouring principal axes.
 * Copy 0 is the set itself.
 */
final class TurnedCopies {
  /*
   * A turn keeps all cosines within a copy. Because it leaves the mean's direction alone and mixes
   * only axes of nearly equal variance, a copy also keeps the mean and the covariance of the set:
   * it is another sample of the same space, as topics that were not yet asked about, and not a
   * cloud beside it.
   *
   * Coordinates:   0      1 2     3 4     5 6   …
   *               mean   plane   plane   plane          angle of a plane: departure · π · [-1, 1)
   */
  private final double[][] cosines;
  private final double[][] sines;

  /**
   * @param departure how far copies are turned away, from 0 to 1: at 1 any angle is as likely
   */
  TurnedCopies(int copies, int dimension, double departure, long seed) {
    cosines = new double[copies][(dimension - 1) / 2];
    sines = new double[copies][(dimension - 1) / 2];
    Random random = new Random(seed);
    for (int copy = 0; copy < copies; copy++) {
      double widest = copy == 0 ? 0 : departure * Math.PI;
      for (int plane = 0; plane < cosines[copy].length; plane++) {
        double angle = widest * (2 * random.nextDouble() - 1);
        cosines[copy][plane] = Math.cos(angle);
        sines[copy][plane] = Math.sin(angle);
      }
    }
  }

  /** {@return coordinates turned as copy {@code of} is, seen from copy {@code from}} */
  float[] turned(float[] coordinates, int of, int from) {
    float[] turned = coordinates.clone();
    for (int plane = 0; plane < cosines[of].length; plane++) {
      double c = cosines[of][plane] * cosines[from][plane] + sines[of][plane] * sines[from][plane];
      double s = sines[of][plane] * cosines[from][plane] - cosines[of][plane] * sines[from][plane];
      float x = coordinates[2 * plane + 1];
      float y = coordinates[2 * plane + 2];
      turned[2 * plane + 1] = (float) (c * x - s * y);
      turned[2 * plane + 2] = (float) (s * x + c * y);
    }
    return turned;
  }
}
