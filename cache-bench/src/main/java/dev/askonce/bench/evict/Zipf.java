package dev.askonce.bench.evict;

import java.util.Arrays;
import java.util.Random;

/** Draws ranks from 0 whose probability falls with a power of the rank. */
final class Zipf {
  private final double[] cumulative;

  Zipf(int ranks, double exponent) {
    cumulative = new double[ranks];
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      sum += Math.pow(rank + 1, -exponent);
      cumulative[rank] = sum;
    }
  }

  int draw(Random random) {
    double at = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, at);
    return Math.min(cumulative.length - 1, found < 0 ? ~found : found);
  }
}
