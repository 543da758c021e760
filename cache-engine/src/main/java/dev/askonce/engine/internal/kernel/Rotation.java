package dev.askonce.engine.internal.kernel;

import java.util.Random;

/**
 * Spreads a vector's length evenly over components, whatever the vector: three rounds of a
 * permutation, sign flips and 16-point Hadamard transforms, all of them orthogonal. It keeps the
 * dimension: a window of the largest power of two slides over the components, and its last place
 * overlaps the one before, after more sign flips: else it would undo what was done to the overlap,
 * which is all but one of 257 components. A short vector is rotated several times, each in another
 * way, until there are {@link #SPREAD_MIN} components: one bit of each would say too little of so
 * few.
 *
 * <p>Immutable; thread-safe. The same seed gives the same map on every machine.
 */
public final class Rotation {
  private static final int SPREAD_MIN = 256;
  private static final int ROUNDS = 3;
  private static final int WINDOW_MAX = 256;

  /** Butterfly stages of a window: 16 components meet in one round, 4,096 in three. */
  private static final int STAGES = 4;

  private final Kernel kernel;
  private final int dimension;
  private final int copies;
  private final int window;
  private final int stages;
  private final float scale;
  private final int[][] orders;
  private final float[][] signs;
  private final float[][] overlapSigns;

  public Rotation(int dimension, long seed, Kernel kernel) {
    this.kernel = kernel;
    this.dimension = dimension;
    copies = copies(dimension);
    window = Math.min(WINDOW_MAX, Integer.highestOneBit(dimension));
    stages = Math.min(STAGES, Integer.numberOfTrailingZeros(window));
    scale = (float) Math.pow(2, -0.5 * stages);
    orders = new int[copies * ROUNDS][];
    signs = new float[copies * ROUNDS][dimension];
    Random random = new Random(seed);
    for (int round = 0; round < orders.length; round++) {
      orders[round] = shuffled(random);
      for (int i = 0; i < dimension; i++) {
        signs[round][i] = random.nextBoolean() ? 1 : -1;
      }
    }
    overlapSigns = new float[orders.length][dimension % window == 0 ? 0 : window];
    for (float[] flips : overlapSigns) {
      for (int i = 0; i < flips.length; i++) {
        flips[i] = random.nextBoolean() ? 1 : -1;
      }
    }
  }

  private static int copies(int dimension) {
    return (SPREAD_MIN + dimension - 1) / dimension;
  }

  private int[] shuffled(Random random) {
    int[] order = new int[dimension];
    for (int i = 0; i < dimension; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  public int dimension() {
    return dimension;
  }

  /** {@return the number of components after the rotation of a vector of so many} */
  public static int spread(int dimension) {
    return dimension * copies(dimension);
  }

  /**
   * Rotates a vector.
   *
   * @param rotated receives the result, of length {@link #spread}
   * @param scratch overwritten, of the vector's length; not {@code vector}
   * @param other as {@code scratch}
   */
  void apply(float[] vector, float[] rotated, float[] scratch, float[] other) {
    for (int copy = 0; copy < copies; copy++) {
      int round = copy * ROUNDS;
      round(vector, scratch, round);
      round(scratch, other, round + 1);
      round(other, scratch, round + 2);
      System.arraycopy(scratch, 0, rotated, copy * dimension, dimension);
    }
  }

  private void round(float[] from, float[] to, int round) {
    kernel.permute(from, orders[round], signs[round], to);
    int last = dimension - window;
    for (int start = 0; start < last; start += window) {
      mix(to, start);
    }
    float[] flips = overlapSigns[round];
    for (int i = 0; i < flips.length; i++) {
      to[last + i] *= flips[i];
    }
    mix(to, last);
  }

  private void mix(float[] values, int start) {
    kernel.mix(values, start, window, stages, scale);
  }
}
