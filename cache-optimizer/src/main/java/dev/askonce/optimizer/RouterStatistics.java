package dev.askonce.optimizer;

import java.util.Locale;

/**
 * What an {@link LlmRouter} did since it was made.
 *
 * @param total prompts
 * @param hits answered from the cache
 * @param budget sent to the budget tier
 * @param standard sent to any other model
 */
public record RouterStatistics(long total, long hits, long budget, long standard) {
  /** {@return one line for a log: the total and the shares of it} */
  public String line() {
    return String.format(
        Locale.ROOT,
        "Total: %d | Cache hits: %.1f%% | Budget routes: %.1f%% | Standard routes: %.1f%%",
        total,
        percent(hits),
        percent(budget),
        percent(standard));
  }

  private double percent(long part) {
    return total == 0 ? 0 : 100.0 * part / total;
  }
}
