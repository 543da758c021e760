package dev.askonce.optimizer.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who spends: money by endpoint and model. Not thread-safe. */
final class Drivers {
  private record Key(String endpoint, String model) {}

  /** Further keys are counted as one. */
  private static final int KEYS_MAX = 10_000;

  private static final Key OTHER = new Key("other", "other");
  private static final int TOP = 5;
  private static final double NANOS = 1e9;

  private final Map<Key, Long> nanoDollars = new HashMap<>();

  void add(String endpoint, String model, long nanos) {
    Key key = new Key(endpoint, model);
    boolean room = nanoDollars.size() < KEYS_MAX || nanoDollars.containsKey(key);
    nanoDollars.merge(room ? key : OTHER, nanos, Long::sum);
  }

  /** {@return the five that spend most, most first} */
  List<ReplayReport.Driver> top(double days) {
    long all = nanoDollars.values().stream().mapToLong(Long::longValue).sum();
    List<Map.Entry<Key, Long>> entries = new ArrayList<>(nanoDollars.entrySet());
    entries.sort(
        Map.Entry.<Key, Long>comparingByValue()
            .reversed()
            .thenComparing(entry -> entry.getKey().endpoint())
            .thenComparing(entry -> entry.getKey().model()));
    return entries.stream()
        .limit(TOP)
        .map(
            entry ->
                new ReplayReport.Driver(
                    entry.getKey().endpoint(),
                    entry.getKey().model(),
                    entry.getValue() / NANOS,
                    entry.getValue() / NANOS / days,
                    all == 0 ? 0 : (double) entry.getValue() / all))
        .toList();
  }
}
