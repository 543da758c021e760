package dev.askonce.engine;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What one lookup may ask for within the operator's limits. Immutable; start from {@link
 * #DEFAULTS}.
 *
 * @param route the operator's {@link Route} to take; one that is not set up is the default one
 * @param threshold the least raw cosine of a semantic hit. The route's applies where it is higher:
 *     a caller may tighten, never loosen
 * @param wrongShareMax the accepted share of wrong answers. The route's applies where it is lower
 * @param exactOnly answer from the exact tier alone; nothing is embedded
 */
public record LookupOptions(
    String route, OptionalDouble threshold, OptionalDouble wrongShareMax, boolean exactOnly) {
  /** The operator's limits of the default route, both tiers. */
  public static final LookupOptions DEFAULTS =
      new LookupOptions(Route.DEFAULT_NAME, OptionalDouble.empty(), OptionalDouble.empty(), false);

  public LookupOptions {
    Objects.requireNonNull(route, "route");
    if (threshold.isPresent()) {
      Thresholds.requireCosine(threshold.getAsDouble());
    }
    if (wrongShareMax.isPresent()) {
      Thresholds.requireShare(wrongShareMax.getAsDouble());
    }
  }

  public LookupOptions route(String name) {
    return new LookupOptions(name, threshold, wrongShareMax, exactOnly);
  }

  public LookupOptions threshold(double cosine) {
    return new LookupOptions(route, OptionalDouble.of(cosine), wrongShareMax, exactOnly);
  }

  public LookupOptions wrongShareMax(double share) {
    return new LookupOptions(route, threshold, OptionalDouble.of(share), exactOnly);
  }

  public LookupOptions exactOnly(boolean only) {
    return new LookupOptions(route, threshold, wrongShareMax, only);
  }
}
