package dev.askonce.cli.eval;

import java.util.List;
import java.util.Map;

/**
 * What an evaluation on pairs found. Shares are from 0 to 1; {@code served} is the share of the
 * positive pairs that are served, a wrong share that of the negative pairs among the served.
 *
 * @param unreadTexts texts of which the embedder read a part only; a cache answers them by exact
 *     repeats alone, so their pairs are refused
 * @param decideMicros guards and verifier, of one pair
 * @param embedMillis one text at a time, on one thread
 */
public record PairReport(
    int n,
    int positives,
    int unreadTexts,
    Auc auc,
    List<CosinePoint> cosine,
    List<DecisionPoint> decision,
    Map<String, PresetResult> presets,
    Map<String, GroupResult> groups,
    Percentiles decideMicros,
    Percentiles embedMillis) {
  /**
   * Areas under the ROC curve. The decision ranks by the verifier's log odds, lowered where a guard
   * objects.
   */
  public record Auc(double cosine, double decision) {}

  /**
   * The most that plain cosine serves at a bound.
   *
   * @param threshold raw cosine; null where nothing can be served
   */
  public record CosinePoint(double wrongShareMax, double served, Double threshold) {}

  /** The most that the decision serves at a bound. */
  public record DecisionPoint(double wrongShareMax, double served) {}

  /**
   * What a preset does.
   *
   * @param refusedBy pairs by reason code
   */
  public record PresetResult(double served, double wrongShare, Map<String, Integer> refusedBy) {}

  /**
   * What the preset balanced does with one kind of pairs.
   *
   * @param refused share of the negative pairs; 1 where there are none
   * @param cosineServed share of the positive pairs of this kind that plain cosine serves with the
   *     threshold at which it refuses, over all kinds, as many of the negative pairs
   */
  public record GroupResult(
      int n, int positives, double served, double refused, double cosineServed) {}

  /** Of times. */
  public record Percentiles(double p50, double p99) {}
}
