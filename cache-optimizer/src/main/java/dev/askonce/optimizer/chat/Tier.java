package dev.askonce.optimizer.chat;

import java.util.Locale;
import java.util.Optional;

/** How much model a request is worth; which model that is, configuration says. */
public enum Tier {
  /** Simple work: classification, extraction, lookups, conversions. */
  BUDGET,
  /** Complex work: several steps, code, analysis, writing. */
  STANDARD,
  /** Long deliberation; only where a caller asks for it. */
  REASONING;

  /** {@return the tier of a name, in any case, or empty where there is none of that name} */
  public static Optional<Tier> of(String name) {
    for (Tier tier : values()) {
      if (tier.label().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(tier);
      }
    }
    return Optional.empty();
  }

  /** {@return the name in headers, logs and reports} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
