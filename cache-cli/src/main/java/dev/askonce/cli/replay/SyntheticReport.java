package dev.askonce.cli.replay;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.askonce.optimizer.replay.ReplayReport;
import java.util.List;

/**
 * A replay of calls that were made up.
 *
 * @param replay at the article's prices
 * @param mixes what is saved where only a part of the calls are knowledge-base questions, and the
 *     others are neither answered from the cache nor routed
 * @param atProviderPrices the same calls with gpt-4o at $2.50 and $10
 * @param arithmetic the article's figures, checked; empty for others' traces
 */
public record SyntheticReport(
    @JsonUnwrapped ReplayReport replay,
    List<Mix> mixes,
    AtPrices atProviderPrices,
    List<Claim> arithmetic) {
  /** One case. The share is of the money, 0 to 1. */
  public record Mix(double knowledgeBaseShare, double savedPct) {}

  /** The sum at other prices. */
  public record AtPrices(double baselineUsd, double actualUsd, double savedPct) {
    static AtPrices of(ReplayReport report) {
      return new AtPrices(report.baselineUsd(), report.actualUsd(), report.savedPct());
    }
  }
}
