package dev.askonce.cli.eval;

import java.util.Map;

/**
 * How the classifier of tasks did. Shares are from 0 to 1.
 *
 * @param rightShare prompts seen as what they are labelled
 * @param limitedShare of prompts labelled as classification, extraction or factual: those seen as
 *     one of the three, which the cap lever limits
 * @param wronglyLimitedShare of the others: those seen as one of the three
 * @param table prompts by label, and in it by what they were seen as
 * @param micros time of one prompt
 */
public record TaskReport(
    int n,
    double rightShare,
    double limitedShare,
    double wronglyLimitedShare,
    Map<String, Map<String, Integer>> table,
    Micros micros) {
  /** Of times in microseconds. */
  public record Micros(double p50, double p99) {}
}
