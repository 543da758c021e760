package dev.askonce.bench.diskfull;

import java.util.List;
import java.util.Map;

/**
 * What the cases found.
 *
 * @param cycles fills of the disk
 * @param wrong answers that must not have been given
 * @param hung cases that told nothing for a minute
 * @param refused openings that were refused with an error that says why
 * @param failed cases that found something else, or whose process died
 * @param lost acknowledged entries that were missing, evicted ones not counted
 * @param kept acknowledged entries that were there when everything was asked for
 * @param dropped puts that were refused
 * @param method what made the disk full: {@code tmpfs}, or {@code limit} of the length of files
 */
public record DiskFullReport(
    int cycles,
    long wrong,
    int hung,
    long refused,
    int failed,
    long lost,
    long kept,
    long dropped,
    double seconds,
    long seed,
    String method,
    Map<String, Outcome> cases) {
  /**
   * What one case found.
   *
   * @param openings stores that opened
   * @param refused and that did not, with an error that says why
   */
  public record Outcome(
      boolean good,
      long wrong,
      long lost,
      long kept,
      long dropped,
      long openings,
      long refused,
      List<String> findings) {}

  /** {@return whether all is as promised} */
  public boolean isGood() {
    return cases.values().stream().allMatch(Outcome::good);
  }
}
