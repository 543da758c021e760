package dev.askonce.bench.vectors;

import java.util.Arrays;

/** What an engine found: for every query up to {@code k} entries, best first. Not thread-safe. */
final class Answers {
  private final int k;
  private final int[] entries;
  private final long[] nanos;

  Answers(int queryCount, int k) {
    this.k = k;
    entries = new int[queryCount * k];
    nanos = new long[queryCount];
    Arrays.fill(entries, Truth.NONE);
  }

  /** {@return an array of the right length for {@link Searcher#search}} */
  int[] found() {
    return new int[k];
  }

  /** Sets a query's answer: the first {@code count} of {@code found}, and the time it took. */
  void set(int query, int[] found, int count, long took) {
    System.arraycopy(found, 0, entries, query * k, count);
    nanos[query] = took;
  }

  int queryCount() {
    return nanos.length;
  }

  int k() {
    return k;
  }

  /** {@return the entry at a rank, from 0, or {@link Truth#NONE}} */
  int entry(int query, int rank) {
    return entries[query * k + rank];
  }

  /** {@return how long the search took, in nanoseconds} */
  long nanos(int query) {
    return nanos[query];
  }
}
