package dev.askonce.bench.vectors;

import dev.askonce.bench.data.ExactSearch;
import dev.askonce.bench.data.Nearest;
import dev.askonce.bench.data.Progress;
import java.util.Arrays;

/**
 * The exact best entries of every query, by comparing it with all of them. Immutable once computed;
 * thread-safe.
 */
final class Truth {
  /** Entries kept for each query. */
  static final int DEPTH = 8;

  /** Where fewer than {@link #DEPTH} entries exist. */
  static final int NONE = -1;

  /** Queries compared between two words about it. */
  private static final int BATCH = 2048;

  private static final float EQUAL_COSINE = 0.9999f;

  private final Nearest best;

  private Truth(int queryCount) {
    best = new Nearest(queryCount, DEPTH);
  }

  /** {@return the truth, computed on all processors} */
  static Truth of(Data data, Progress progress) {
    float[][] queries = data.queries();
    Truth truth = new Truth(queries.length);
    ExactSearch search = new ExactSearch(data.base().rows(), data.base().dimension());
    for (int first = 0; first < queries.length; first += BATCH) {
      int end = Math.min(first + BATCH, queries.length);
      long[] excluded = new long[end - first];
      Arrays.fill(excluded, ExactSearch.NONE);
      truth.add(
          data, first, search.nearest(Arrays.copyOfRange(queries, first, end), excluded, DEPTH));
      progress.tell(() -> "truth: %,d of %,d queries".formatted(end, queries.length));
    }
    return truth;
  }

  /** Takes the cosines anew, summed as those of the answers are, so that equal ones are equal. */
  private void add(Data data, int first, Nearest nearest) {
    for (int i = 0; i < nearest.queryCount(); i++) {
      for (int rank = 0; rank < DEPTH; rank++) {
        int entry = (int) nearest.id(i, rank);
        if (entry != ExactSearch.NONE) {
          best.offer(first + i, data.cosine(first + i, entry), entry);
        }
      }
    }
  }

  /** {@return the {@code rank}-th best entry of a query, from 0, or {@link #NONE}} */
  int entry(int query, int rank) {
    return (int) best.id(query, rank);
  }

  /** {@return its cosine, or negative infinity} */
  float cosine(int query, int rank) {
    return best.cosine(query, rank);
  }

  /** {@return the cosine of a query's best entry} */
  float best(int query) {
    return cosine(query, 0);
  }

  /** {@return how many queries have an equal vector in the base} */
  int queriesInBase(Data data) {
    int found = 0;
    for (int query = 0; query < data.queries().length; query++) {
      for (int rank = 0; rank < DEPTH && cosine(query, rank) > EQUAL_COSINE; rank++) {
        if (Arrays.equals(data.queries()[query], data.base().row(entry(query, rank)))) {
          found++;
          break;
        }
      }
    }
    return found;
  }
}
