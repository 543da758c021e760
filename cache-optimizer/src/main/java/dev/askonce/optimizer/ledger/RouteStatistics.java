package dev.askonce.optimizer.ledger;

import java.util.Locale;

/**
 * How calls were answered.
 *
 * @param total all of them, failed ones too
 * @param cacheHits those that a lever answered without a provider
 * @param budgetRoutes those that a model of the budget tier was asked for
 * @param standardRoutes the others
 */
public record RouteStatistics(long total, long cacheHits, long budgetRoutes, long standardRoutes) {
  /** {@return one line: how many, and the share of each in percent} */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Total: %d | Cache hits: %.1f%% | Budget routes: %.1f%% | Standard routes: %.1f%%",
        total,
        percent(cacheHits),
        percent(budgetRoutes),
        percent(standardRoutes));
  }

  private double percent(long calls) {
    return 100.0 * calls / Math.max(1, total);
  }
}
