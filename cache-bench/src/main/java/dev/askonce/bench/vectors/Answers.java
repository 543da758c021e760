package dev.askonce.bench.vectors;

import java.util.Arrays;

/**
 * What an engine found: for every query the exact cosines of up to {@code k} entries, and how long
 * it took. Not thread-safe.
 */
final class Answers {
  /** The cosine where nothing was found. */
  static final float NOTHING = Float.NEGATIVE_INFINITY;

  private final int k;
  private final float[] cosines;
  private final long[] nanos;

  Answers(int queryCount, int k) {
    this.k = k;
    cosines = new float[queryCount * k];
    nanos = new long[queryCount];
    Arrays.fill(cosines, NOTHING);
  }

  void setCosine(int query, int rank, float cosine) {
    cosines[query * k + rank] = cosine;
  }

  void setNanos(int query, long took) {
    nanos[query] = took;
  }

  int queryCount() {
    return nanos.length;
  }

  int k() {
    return k;
  }

  /** {@return the cosine of what was found at a rank, from 0, or {@link #NOTHING}} */
  float cosine(int query, int rank) {
    return cosines[query * k + rank];
  }

  /** {@return how long the search took, in nanoseconds} */
  long nanos(int query) {
    return nanos[query];
  }
}
