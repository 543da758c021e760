package dev.askonce.cli.replay;

import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import java.time.LocalDate;
import java.util.List;

/**
 * A figure of the article beside what its own prices and volumes come to.
 *
 * @param article as it stands there
 * @param computed by the article's own prices
 * @param how the computation in words
 */
public record Claim(String what, String article, String computed, String how) {
  /** Calls a day of the article's platform. */
  public static final int CALLS_A_DAY = 50_000;

  /** Input tokens of a call. */
  static final long INPUT_TOKENS = 2_000;

  /** Output tokens of a call. */
  static final long OUTPUT_TOKENS = 500;

  private static final double NANOS = 1e9;
  private static final int DAYS_OF_YEAR = 365;
  private static final double CACHE_USD_A_DAY = 500 * 12.0 / DAYS_OF_YEAR;
  private static final LocalDate DAY = LocalDate.of(2025, 11, 1);
  private static final Usage CALL = Usage.of(INPUT_TOKENS, OUTPUT_TOKENS);

  /** {@return the article's figures that can be computed} */
  static List<Claim> all() {
    Prices prices = Prices.november2025();
    Price large = prices.of("gpt-4o", DAY).orElseThrow();
    Price small = prices.of("gpt-4o-mini", DAY).orElseThrow();
    double day = dollarsADay(large, CALL);
    double cheap = dollarsADay(small, CALL) / day;
    return List.of(
        new Claim(
            "the platform, a day",
            "about $600",
            "$%,.0f".formatted(day),
            "50,000 × (2,000 × $5 + 500 × $15) / 10⁶: $500 in, $375 out"),
        new Claim(
            "the platform, a year",
            "$220,000",
            "$%,.0f".formatted(day * DAYS_OF_YEAR),
            "the day × 365"),
        new Claim(
            "gpt-4o-mini against gpt-4o",
            "33 times cheaper",
            "%.0f times in, %.0f out, %.0f a call"
                .formatted(
                    (double) large.input() / small.input(),
                    (double) large.output() / small.output(),
                    1 / cheap),
            "$5.00 / $0.15, $15.00 / $0.60, and both at 2,000 in and 500 out"),
        new Claim(
            "60 to 70% of the calls routed to gpt-4o-mini save",
            "50 to 65%",
            "%.0f to %.0f%%".formatted(60 * (1 - cheap), 70 * (1 - cheap)),
            "share × (1 − 1/%.0f), without a router's own calls".formatted(1 / cheap)),
        new Claim(
            "35% cache hits save, a day",
            "about $150 after $500 a month",
            "$%,.0f after $500 a month".formatted(0.35 * day - CACHE_USD_A_DAY),
            "35%% of $%,.0f is $%,.0f, less $%.2f".formatted(day, 0.35 * day, CACHE_USD_A_DAY)),
        new Claim(
            "a system prompt of 2,000 tokens, a day",
            "$500",
            "$%,.0f".formatted(dollarsADay(large, Usage.of(INPUT_TOKENS, 0))),
            "50,000 × 2,000 × $5 / 10⁶: the platform's whole input"),
        new Claim(
            "10,000 documents as a batch job",
            "$500 becomes $250",
            "$250",
            "half; less where documents repeat"),
        new Claim(
            "30 to 40% hits, then 60 to 70% routed, and nothing else, save",
            "70 to 80% with output control",
            "%.0f to %.0f%%".formatted(100 * both(0.3, 0.6, cheap), 100 * both(0.4, 0.7, cheap)),
            "1 − (1 − hits) × (1 − routed × (1 − 1/%.0f))".formatted(1 / cheap)));
  }

  private static double both(double hits, double routed, double cheap) {
    return 1 - (1 - hits) * (1 - routed * (1 - cheap));
  }

  private static double dollarsADay(Price price, Usage call) {
    return CALLS_A_DAY * price.nanoDollars(call) / NANOS;
  }
}
