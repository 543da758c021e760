package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.Effects.Overhead;
import java.util.List;
import java.util.Set;

/**
 * What one call cost and would have cost, and whose doing the difference is.
 *
 * @param costNanoDollars of the answer alone, in 10⁻⁹ dollars
 * @param baselineNanoDollars of the answer, had no lever been there
 * @param batched whether the answer was billed at the batch price
 * @param savings sum to the baseline less the cost
 * @param overheads paid beside the answer, and not in its cost
 * @param unpriced whether the answer has no price, so that cost and baseline are missing
 * @param unknownModels models without a price that were met
 */
record Bill(
    long costNanoDollars,
    long baselineNanoDollars,
    boolean batched,
    List<Saving> savings,
    List<Paid> overheads,
    boolean unpriced,
    Set<String> unknownModels) {
  /** What a lever saved on the call; below zero where it made it dearer. */
  record Saving(String lever, long nanoDollars, long inputTokens, long outputTokens) {}

  /** A lever's own call and its cost. */
  record Paid(Overhead overhead, long nanoDollars) {}

  /** {@return all that was paid for the call} */
  long paidNanoDollars() {
    return costNanoDollars + overheads.stream().mapToLong(Paid::nanoDollars).sum();
  }
}
