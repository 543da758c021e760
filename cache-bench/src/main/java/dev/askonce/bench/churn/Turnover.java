package dev.askonce.bench.churn;

/**
 * The cache after all its entries were replaced once more. Recalls are of the questions that the
 * truth answers; latencies are of the time while entries came and went; all else is read after the
 * maintenance has caught up.
 *
 * @param turnover from 1
 * @param decisionRecall90 of the questions that an entry answers at a cosine of 0.90, the share
 *     that got one
 * @param recallAt1 the share of all questions that got the nearest entry, or one as near
 * @param unreachable entries that no walk along the links of the graph reaches
 * @param notFound live entries that a search with their own vector does not find
 * @param fileBytes allocated bytes of all files but those of answers and prompts
 * @param heapBytes used heap after a collection, the benchmark's own included
 * @param live entries that have not expired
 * @param held entries that the cache counts: expired ones may linger
 * @param unlinked entries that are scanned since they are not linked yet, before the maintenance
 *     caught up
 * @param evicted entries so far that had to make room; each was a live one lost
 * @param putsDropped puts so far that were refused
 * @param eligible90 questions that decisionRecall90 is of
 * @param lookups lookups of the readers
 * @param insertsPerSecond puts by the time they took, waits for the backlog included
 * @param seconds of this turnover, measurement included
 */
public record Turnover(
    int turnover,
    double decisionRecall90,
    double recallAt1,
    int unreachable,
    int notFound,
    Micros insertMicros,
    Micros lookupMicros,
    long fileBytes,
    long heapBytes,
    int live,
    long held,
    long unlinked,
    long evicted,
    long putsDropped,
    int eligible90,
    int questions,
    long lookups,
    double insertsPerSecond,
    double seconds) {
  /** {@return whether there was something to measure} */
  public boolean isMeasured() {
    return !Double.isNaN(decisionRecall90) && !Double.isNaN(recallAt1) && putsDropped == 0;
  }
}
