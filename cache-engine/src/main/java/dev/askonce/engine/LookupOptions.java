package dev.askonce.engine;

import java.util.OptionalDouble;

/**
 * What one lookup may ask for within the operator's limits. Immutable; start from {@link
 * #DEFAULTS}.
 *
 * @param threshold the least raw cosine of a semantic hit. The operator's threshold applies where
 *     it is higher: a caller may tighten, never loosen
 * @param exactOnly answer from the exact tier alone; nothing is embedded
 */
public record LookupOptions(OptionalDouble threshold, boolean exactOnly) {
  /** The operator's threshold, both tiers. */
  public static final LookupOptions DEFAULTS = new LookupOptions(OptionalDouble.empty(), false);

  public LookupOptions {
    if (threshold.isPresent()) {
      double value = threshold.getAsDouble();
      if (!(value >= 0 && value <= 1)) {
        throw new CacheException.InvalidThreshold(value);
      }
    }
  }

  public LookupOptions threshold(double cosine) {
    return new LookupOptions(OptionalDouble.of(cosine), exactOnly);
  }

  public LookupOptions exactOnly(boolean only) {
    return new LookupOptions(threshold, only);
  }
}
