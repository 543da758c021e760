package dev.askonce.bench.vectors;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The exact best entries of every query, by comparing it with all of them. Immutable once computed;
 * thread-safe.
 */
final class Truth {
  /** Entries kept for each query. */
  static final int DEPTH = 8;

  /** Where fewer than {@link #DEPTH} entries exist. */
  static final int NONE = -1;

  /** Queries compared with one pair of entries in a row: they stay in a core's second cache. */
  private static final int TILE = 64;

  private static final float EQUAL_COSINE = 0.9999f;

  private final int[] entries;
  private final float[] cosines;
  private final int queryCount;

  private Truth(int queryCount) {
    this.queryCount = queryCount;
    entries = new int[queryCount * DEPTH];
    cosines = new float[queryCount * DEPTH];
    Arrays.fill(entries, NONE);
    Arrays.fill(cosines, Float.NEGATIVE_INFINITY);
  }

  /** {@return the truth, computed on all processors} */
  static Truth of(Vectors base, Vectors queries, Progress progress) throws InterruptedException {
    Truth truth = new Truth(queries.count());
    AtomicInteger done = new AtomicInteger();
    Workers.forEach(
        Runtime.getRuntime().availableProcessors(),
        Math.ceilDiv(queries.count(), TILE),
        tile -> {
          truth.fill(base, queries, tile * TILE);
          int compared = Math.min(done.addAndGet(TILE), queries.count());
          progress.say(() -> "truth: %,d of %,d queries".formatted(compared, queries.count()));
        });
    return truth;
  }

  /** {@return the {@code rank}-th best entry of a query, from 0, or {@link #NONE}} */
  int entry(int query, int rank) {
    return entries[query * DEPTH + rank];
  }

  /** {@return its cosine, or negative infinity} */
  float cosine(int query, int rank) {
    return cosines[query * DEPTH + rank];
  }

  /** {@return the cosine of a query's best entry} */
  float best(int query) {
    return cosine(query, 0);
  }

  /** {@return how many queries have an equal vector in the base} */
  int queriesInBase(Vectors base, Vectors queries) {
    int found = 0;
    for (int query = 0; query < queryCount; query++) {
      for (int rank = 0; rank < DEPTH && cosine(query, rank) > EQUAL_COSINE; rank++) {
        if (Arrays.equals(queries.row(query), base.row(entry(query, rank)))) {
          found++;
          break;
        }
      }
    }
    return found;
  }

  private void fill(Vectors base, Vectors queries, int first) {
    int end = Math.min(first + TILE, queryCount);
    long[] four = new long[4];
    float[] sums = new float[8];
    for (int entry = 0; entry < base.count(); entry += 2) {
      int second = Math.min(entry + 1, base.count() - 1);
      for (int query = first; query < end; query += 4) {
        for (int i = 0; i < 4; i++) {
          four[i] = queries.address(Math.min(query + i, end - 1));
        }
        Dots.dot4x2(four, base.address(entry), base.address(second), base.dimension(), sums);
        int rows = Math.min(4, end - query);
        for (int i = 0; i < rows; i++) {
          offer(query + i, entry, sums[i]);
          if (second != entry) {
            offer(query + i, second, sums[4 + i]);
          }
        }
      }
    }
  }

  private void offer(int query, int entry, float cosine) {
    int from = query * DEPTH;
    int at = from + DEPTH - 1;
    if (cosine <= cosines[at]) {
      return;
    }
    while (at > from && cosines[at - 1] < cosine) {
      cosines[at] = cosines[at - 1];
      entries[at] = entries[at - 1];
      at--;
    }
    cosines[at] = cosine;
    entries[at] = entry;
  }
}
