package dev.askonce.optimizer.cost;

import dev.askonce.optimizer.chat.ChatException;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;

/**
 * The price of one kind, which may depend on how long the whole input is.
 *
 * @param base in dollars, for a million tokens or a thousand things
 * @param steps other prices for longer inputs, shortest first
 */
record Rate(BigDecimal base, List<Step> steps) {
  /**
   * The price of all tokens of a call, not only of those beyond, whose input is longer than this.
   *
   * @param above input tokens
   */
  record Step(long above, BigDecimal rate) {}

  /** Dearer is a mistake of units, and a sum of such prices would not fit. */
  private static final BigDecimal MAX = BigDecimal.valueOf(1_000_000);

  private static final int DECIMALS_MAX = 40;

  Rate {
    steps = steps.stream().sorted(Comparator.comparingLong(Step::above)).toList();
    check(base);
    steps.forEach(step -> check(step.rate()));
  }

  private static void check(BigDecimal price) {
    if (price.signum() < 0) {
      throw new ChatException.InvalidPrices("a price is negative");
    }
    if (price.compareTo(MAX) > 0 || price.scale() > DECIMALS_MAX) {
      throw new ChatException.InvalidPrices(
          "a price is above $" + MAX + " or has more than " + DECIMALS_MAX + " decimals");
    }
  }

  static Rate of(BigDecimal base) {
    return new Rate(base, List.of());
  }

  BigDecimal at(long inputTokens) {
    BigDecimal rate = base;
    for (Step step : steps) {
      if (inputTokens > step.above()) {
        rate = step.rate();
      }
    }
    return rate;
  }

  Rate times(BigDecimal share) {
    return new Rate(
        base.multiply(share),
        steps.stream().map(step -> new Step(step.above(), step.rate().multiply(share))).toList());
  }
}
