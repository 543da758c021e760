package dev.askonce.bench.vectors;

import dev.askonce.bench.data.VectorFile;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What all engines are given: the entries, by number, and the queries in a shuffled order. A
 * quarter of them is for engines that learn from what they are asked, and is not measured.
 * Immutable; thread-safe.
 */
final class Data {
  private static final int TRAINING_SHARE = 4;

  private final VectorFile base;
  private final VectorFile asked;
  private final int[] order;
  private final float[][] queries;
  private final float[][] training;

  /** Both files stay open as long as this is used. */
  Data(VectorFile base, VectorFile asked, long seed) {
    this.base = base;
    this.asked = asked;
    int[] shuffled = shuffled(asked.count(), new Random(seed));
    int trainingCount = asked.count() / TRAINING_SHARE;
    training = rows(Arrays.copyOf(shuffled, trainingCount));
    order = Arrays.copyOfRange(shuffled, trainingCount, shuffled.length);
    queries = rows(order);
  }

  private static int[] shuffled(int count, Random random) {
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int moved = order[other];
      order[other] = order[i];
      order[i] = moved;
    }
    return order;
  }

  private float[][] rows(int[] indices) {
    return Arrays.stream(indices).mapToObj(asked::row).toArray(float[][]::new);
  }

  VectorFile base() {
    return base;
  }

  /** {@return the queries that are measured} */
  float[][] queries() {
    return queries;
  }

  /** {@return the queries to learn from} */
  float[][] training() {
    return training;
  }

  /** {@return where a measured query lies in native memory} */
  long queryAddress(int query) {
    return asked.address(order[query]);
  }

  /** {@return the exact cosine of a measured query and an entry} */
  float cosine(int query, int entry) {
    return Dots.dot(queryAddress(query), base.address(entry), base.dimension());
  }
}
