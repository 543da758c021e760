package dev.askonce.optimizer.replay;

import java.util.List;
import java.util.Map;

/**
 * What a replay came to. The names are those of its JSON form and stay.
 *
 * @param requests calls replayed, those that failed among them
 * @param from when the first was made, as an ISO-8601 instant; empty without calls
 * @param to when the last was made
 * @param days from the first to the last, or one day where that is no time at all
 * @param baselineUsd what the calls cost as they were logged
 * @param actualUsd what they would have cost with all levers
 * @param savedPct saved by baseline, in percent
 * @param levers by name, in their order
 * @param cache what the cache would have answered
 * @param route where the calls that the cache did not answer would have gone
 * @param cap what the limits on answers would have done
 * @param topDrivers the five places that spend most, by baseline
 * @param sensitivity what would be saved at other hit rates and shares on the budget model
 * @param skipped what the money does not contain
 * @param measured what was measured, in sentences
 * @param assumed what was taken for granted
 */
public record ReplayReport(
    long requests,
    String from,
    String to,
    double days,
    double baselineUsd,
    double actualUsd,
    double savedPct,
    Map<String, Saving> levers,
    CacheUse cache,
    RouteUse route,
    CapUse cap,
    List<Driver> topDrivers,
    List<Sensitivity> sensitivity,
    Skipped skipped,
    List<String> measured,
    List<String> assumed) {
  /**
   * What one lever saves.
   *
   * @param alone in dollars, as the only one
   * @param together in dollars, after those before it; the sum over all levers is what all save
   * @param alonePct of the baseline
   * @param togetherPct of the baseline
   * @param calls calls it changed the price of, after those before it
   */
  public record Saving(
      double alone, double together, double alonePct, double togetherPct, long calls) {}

  /**
   * The cache's answers.
   *
   * @param hitRate hits by calls that did not fail
   * @param exactHits of equal texts
   * @param semanticHits of similar ones
   * @param otherAnswers hits with another text than the logged answer's: where answers are always
   *     worded alike, the wrong ones; where a model words them anew, no sign of anything
   */
  public record CacheUse(
      long hits, double hitRate, long exactHits, long semanticHits, long otherAnswers) {}

  /**
   * The router's choices.
   *
   * @param budgetShare share of the calls behind the cache that went to a cheaper model
   * @param models calls by the model that they went to, those of other models than logged only
   */
  public record RouteUse(double budgetShare, Map<String, Long> models) {}

  /**
   * The limits' cuts, behind the other levers.
   *
   * @param cutShort answers that would have been cut off
   * @param togetherAskedAgainUsd what the lever saves if each of these is asked for anew with a
   *     larger limit, as it is in service: both tries are paid
   */
  public record CapUse(long cutShort, double togetherAskedAgainUsd) {}

  /** A place that spends. The share is of the baseline, 0 to 1. */
  public record Driver(String endpoint, String model, double usd, double usdPerDay, double share) {}

  /** One case. Both shares are of the calls, as if all cost alike. */
  public record Sensitivity(double hitRate, double cheapShare, double savedPct) {}

  /**
   * Calls without money, or with a guess in it.
   *
   * @param malformed lines that are no calls
   * @param malformedLines the numbers of the first of them
   * @param passedThrough calls that no lever knows, such as embeddings: not replayed
   * @param failed calls without an answer, which cost nothing
   * @param outOfOrder calls that were made before the one above them
   * @param estimated calls whose tokens were counted, since the log has no usage
   * @param withoutTexts calls whose log has hashes for texts: only the cache, for equal ones, and
   *     the batch price see them
   * @param unpriced calls of models without a price, by model
   */
  public record Skipped(
      long malformed,
      List<Long> malformedLines,
      long passedThrough,
      long failed,
      long outOfOrder,
      long estimated,
      long withoutTexts,
      Map<String, Long> unpriced) {}
}
