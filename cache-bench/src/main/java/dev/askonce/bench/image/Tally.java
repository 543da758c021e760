package dev.askonce.bench.image;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How often there was each outcome. Not thread-safe. */
public final class Tally {
  private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);

  public void add(Outcome outcome, long count) {
    counts.merge(outcome, count, Long::sum);
  }

  public void add(Tally other) {
    other.counts.forEach(this::add);
  }

  public long of(Outcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }

  /** {@return whether nothing is counted that a sound engine has none of} */
  public boolean isSound() {
    return counts.entrySet().stream().noneMatch(e -> e.getKey().isFailure() && e.getValue() > 0);
  }

  @Override
  public String toString() {
    return counts.toString().toLowerCase(Locale.ROOT);
  }
}
