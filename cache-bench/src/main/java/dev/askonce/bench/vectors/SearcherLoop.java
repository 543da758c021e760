package dev.askonce.bench.vectors;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Asks an index in this JVM. */
final class SearcherLoop implements Asking {
  /** Searches between two looks at the clock. */
  private static final int STRIDE = 8;

  private final Data data;
  private final int queryCount;
  private final int k;
  private final Supplier<Searcher> searchers;

  /**
   * @param searchers gives each thread its own, at the setting to be measured, at each measurement
   */
  SearcherLoop(Data data, int k, Supplier<Searcher> searchers) {
    this.data = data;
    queryCount = data.queries().length;
    this.k = k;
    this.searchers = searchers;
  }

  @Override
  public Speed run(int first, long nanos, int threads) throws InterruptedException {
    LongAdder searches = new LongAdder();
    LongAdder took = new LongAdder();
    Workers.forEach(
        threads,
        threads,
        thread -> {
          Searcher searcher = searchers.get();
          int begin = (int) ((first + (long) thread * queryCount / threads) % queryCount);
          long start = System.nanoTime();
          searches.add(searchUntil(searcher, begin, start + nanos));
          took.add(System.nanoTime() - start);
        });
    return new Speed(searches.sum(), took.sum(), threads);
  }

  private long searchUntil(Searcher searcher, int first, long deadline) throws Exception {
    int[] found = new int[k];
    long searches = 0;
    int query = first;
    do {
      for (int i = 0; i < STRIDE; i++) {
        searcher.search(query, found);
        query = query + 1 == queryCount ? 0 : query + 1;
      }
      searches += STRIDE;
    } while (System.nanoTime() - deadline < 0);
    return searches;
  }

  @Override
  public Answers each() throws Exception {
    Answers answers = new Answers(queryCount, k);
    Searcher searcher = searchers.get();
    int[] found = new int[k];
    for (int query = 0; query < queryCount; query++) {
      long start = System.nanoTime();
      int count = searcher.search(query, found);
      answers.setNanos(query, System.nanoTime() - start);
      for (int rank = 0; rank < count; rank++) {
        answers.setCosine(query, rank, searcher.cosine(data, query, found, rank));
      }
    }
    return answers;
  }
}
