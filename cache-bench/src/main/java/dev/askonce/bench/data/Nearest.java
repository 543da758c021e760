package dev.askonce.bench.data;

import java.util.Arrays;

/**
 * The best {@code depth} rows of each of several queries, best first. A query's part may be changed
 * by one thread at a time.
 */
public final class Nearest {
  private final int depth;
  private final float[] cosines;
  private final long[] ids;

  public Nearest(int queryCount, int depth) {
    this.depth = depth;
    cosines = new float[queryCount * depth];
    ids = new long[queryCount * depth];
    Arrays.fill(cosines, Float.NEGATIVE_INFINITY);
    Arrays.fill(ids, -1);
  }

  public int depth() {
    return depth;
  }

  public int queryCount() {
    return cosines.length / depth;
  }

  /** {@return the cosine at {@code rank}, from 0; negative infinity where there is none} */
  public float cosine(int query, int rank) {
    return cosines[query * depth + rank];
  }

  /** {@return the id at {@code rank}, from 0; -1 where there is none} */
  public long id(int query, int rank) {
    return ids[query * depth + rank];
  }

  /** {@return what a row must exceed to be among a query's best} */
  float worst(int query) {
    return cosines[query * depth + depth - 1];
  }

  /** Takes a row among a query's best if it is better than their worst. */
  public void offer(int query, float cosine, long id) {
    if (cosine > worst(query)) {
      int first = query * depth;
      int at = first + depth - 1;
      for (; at > first && cosines[at - 1] < cosine; at--) {
        cosines[at] = cosines[at - 1];
        ids[at] = ids[at - 1];
      }
      cosines[at] = cosine;
      ids[at] = id;
    }
  }
}
