package dev.askonce.bench.soak;

import java.util.List;

/**
 * What a soak found.
 *
 * @param cycles turnovers: as many puts each as the cache has entries
 * @param wrong answers of another key, scope or version, or expired ones
 * @param hung 1 if the process told nothing for a minute
 * @param refused 1 if the store could not be opened
 * @param failed 1 if a call threw, or the process died
 * @param lost entries that were not there just after they were put
 * @param kept entries that were
 * @param source where the measures are from: {@code proc}, or {@code jvm} where there is no such
 */
public record SoakReport(
    int cycles,
    long wrong,
    int hung,
    int refused,
    int failed,
    long lost,
    long kept,
    double seconds,
    long seed,
    int entries,
    long puts,
    long lookups,
    long hits,
    long evicted,
    long expired,
    long dropped,
    String source,
    int samples,
    Growth resident,
    Growth dirty,
    Growth maps,
    Growth descriptors,
    Growth heap,
    List<String> findings) {
  private static final double SHARE_MAX = 0.02;

  /** {@return whether nothing was wrong and nothing grows} */
  public boolean isGood() {
    return wrong == 0
        && hung == 0
        && refused == 0
        && failed == 0
        && lost == 0
        && dropped == 0
        && resident.share() < SHARE_MAX
        && maps.share() < SHARE_MAX
        && descriptors.share() < SHARE_MAX;
  }
}
