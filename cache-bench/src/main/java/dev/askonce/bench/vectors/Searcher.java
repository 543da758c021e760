package dev.askonce.bench.vectors;

/** One thread's way into an index in this JVM, at one setting. */
interface Searcher {
  /**
   * Searches for a query.
   *
   * @param query its number
   * @param found its first elements are set to the entries found, best first
   * @return how many were found, at most {@code found.length}
   */
  int search(int query, int[] found) throws Exception;

  /** {@return the exact cosine of what the last search found at a rank} */
  default float cosine(Data data, int query, int[] found, int rank) {
    return data.cosine(query, found[rank]);
  }
}
