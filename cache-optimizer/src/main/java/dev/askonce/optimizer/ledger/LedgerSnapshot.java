package dev.askonce.optimizer.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ledger at one moment.
 *
 * @param from when the books were opened
 * @param at the moment
 * @param total all rows together
 * @param rows by key, in the order of their first call
 * @param levers what each lever did, by key, in the order of its first call
 * @param fixedNanoDollars what each lever's fixed costs came to until now, in 10⁻⁹ dollars
 * @param routes how the calls were answered
 * @param unknownModels models without a price, with how often each was met, {@link Ledger#OTHER}
 *     for those beyond the first
 */
public record LedgerSnapshot(
    Instant from,
    Instant at,
    LedgerRow total,
    List<LedgerRow> rows,
    List<LeverRow> levers,
    Map<String, Long> fixedNanoDollars,
    RouteStatistics routes,
    Map<String, Long> unknownModels) {
  /** How many cost drivers {@link #drivers} names. */
  public static final int DRIVERS = 5;

  private static final Duration DAY = Duration.ofDays(1);

  /** Less than this is no rate to go by. */
  private static final Duration ELAPSED_MIN = Duration.ofMinutes(1);

  /**
   * {@return what each lever saved, the most first} The sum of all is {@link
   * #netSavedNanoDollars()}.
   */
  public List<LeverSaving> savings() {
    Map<String, LeverRow> byLever = new LinkedHashMap<>();
    for (LeverRow row : levers) {
      add(byLever, row.key().lever(), row);
    }
    for (String lever : fixedNanoDollars.keySet()) {
      add(byLever, lever, LeverRow.empty(new LedgerRow.Key("", "", "", lever)));
    }
    return byLever.entrySet().stream()
        .map(
            entry ->
                new LeverSaving(
                    entry.getKey(),
                    entry.getValue().calls(),
                    entry.getValue().grossNanoDollars(),
                    entry.getValue().overheadNanoDollars(),
                    fixedNanoDollars.getOrDefault(entry.getKey(), 0L)))
        .sorted(Comparator.comparingLong(LeverSaving::netNanoDollars).reversed())
        .toList();
  }

  private static void add(Map<String, LeverRow> byLever, String lever, LeverRow row) {
    byLever.merge(lever, row, LeverRow::plus);
  }

  /** {@return what was saved, net of the levers' own calls and of fixed costs} */
  public long netSavedNanoDollars() {
    return total.savedNanoDollars()
        - fixedNanoDollars.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * {@return the {@value #DRIVERS} pairs of endpoint and model that cost the most, dearest first}
   */
  public List<CostDriver> drivers() {
    record Pair(String endpoint, String model) {}
    Map<Pair, Long> costs = new LinkedHashMap<>();
    for (LedgerRow row : rows) {
      if (row.costNanoDollars() > 0) {
        costs.merge(
            new Pair(row.key().endpoint(), row.key().model()), row.costNanoDollars(), Long::sum);
      }
    }
    return costs.entrySet().stream()
        .sorted(Map.Entry.<Pair, Long>comparingByValue().reversed())
        .limit(DRIVERS)
        .map(
            entry ->
                new CostDriver(
                    entry.getKey().endpoint(),
                    entry.getKey().model(),
                    entry.getValue(),
                    (double) entry.getValue() / total.costNanoDollars(),
                    perDay(entry.getValue())))
        .toList();
  }

  private long perDay(long nanoDollars) {
    Duration elapsed = Duration.between(from, at);
    Duration over = elapsed.compareTo(ELAPSED_MIN) < 0 ? ELAPSED_MIN : elapsed;
    return Math.round((double) nanoDollars * DAY.toMillis() / over.toMillis());
  }
}
