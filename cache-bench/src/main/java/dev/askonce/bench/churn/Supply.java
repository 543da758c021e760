package dev.askonce.bench.churn;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.VectorFile;
import dev.askonce.bench.data.Vectors;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * The vectors that are put, one after another without an end, and those held back for questions. No
 * two that are alive together are equal. Immutable.
 */
final class Supply {
  /* Rows of the base come round and round in a shuffled order. If they come round while their last
   * entry is alive, only every so manieth round has them as they are; between, they are copies at a
   * cosine of 0.90 to 0.97.
   */
  private static final int HELD_BACK_MAX = 2000;
  private static final int HELD_BACK_SHARE = 10;
  private static final double COSINE_MIN = 0.90;
  private static final double COSINE_MAX = 0.97;

  private final VectorFile base;
  private final long seed;
  private final int[] order;
  private final int heldBack;
  private final int rounds;

  Supply(VectorFile base, int live, long seed) {
    this.base = base;
    this.seed = seed;
    order = distinctRows(base);
    if (order.length < HELD_BACK_SHARE) {
      throw new InputException(
          "the base has "
              + order.length
              + " different rows, at least "
              + HELD_BACK_SHARE
              + " are needed");
    }
    shuffle(order, new Random(seed));
    heldBack = Math.min(HELD_BACK_MAX, order.length / HELD_BACK_SHARE);
    rounds = Math.ceilDiv(live, order.length - heldBack);
  }

  private static int[] distinctRows(VectorFile base) {
    Set<Long> seen = new HashSet<>();
    int[] rows = new int[base.count()];
    int count = 0;
    for (int i = 0; i < base.count(); i++) {
      long hash = 1;
      for (float component : base.row(i)) {
        hash = hash * 0x9E3779B97F4A7C15L + Float.floatToIntBits(component);
      }
      if (seen.add(hash)) {
        rows[count++] = i;
      }
    }
    return Arrays.copyOf(rows, count);
  }

  private static void shuffle(int[] rows, Random random) {
    for (int i = rows.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = rows[i];
      rows[i] = rows[j];
      rows[j] = swapped;
    }
  }

  int heldBackCount() {
    return heldBack;
  }

  /** {@return a vector that is never put} */
  float[] heldBack(int index) {
    return base.row(order[index]);
  }

  /** {@return the vector of the entry that is put as number {@code index}, from 0} */
  float[] entry(long index) {
    int available = order.length - heldBack;
    float[] row = base.row(order[heldBack + (int) (index % available)]);
    if (index / available % rounds == 0) {
      return row;
    }
    Random random = new Random(seed * 31 + index * 0x9E3779B97F4A7C15L);
    double cosine = COSINE_MIN + (COSINE_MAX - COSINE_MIN) * random.nextDouble();
    return Vectors.perturbed(row, cosine, random);
  }
}
