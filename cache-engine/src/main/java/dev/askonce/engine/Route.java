package dev.askonce.engine;

import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Judge;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How strict the cache is with one kind of question: an operator's setting, by the name that
 * lookups give in {@link LookupOptions#route}. Immutable; start from {@link #DEFAULTS}.
 *
 * @param policy what may answer; where empty, the cache's {@link SemanticCacheBuilder#policy}
 * @param threshold least raw cosine, for policies that go by it; where empty, the cache's
 * @param wrongShareMax the accepted share of wrong answers among those served by similarity, for
 *     policies with a verifier and for tightening; where empty, the cache's
 * @param shadow serve nothing, and say what would have been served ({@link Lookup#withheld})
 * @param checkedShare the share of hits by similarity that are loaded anew instead of served, 0 to
 *     1, so that the {@link Judge} can compare both answers; where the load fails, the hit answers.
 *     Only {@link SemanticCache#acquire} and what is built on it check
 * @param tightens whether the route becomes stricter by itself when more is wrong than accepted; a
 *     shadow route does not, it measures
 */
public record Route(
    Optional<DecisionPolicy> policy,
    OptionalDouble threshold,
    OptionalDouble wrongShareMax,
    boolean shadow,
    double checkedShare,
    boolean tightens) {
  /** The name of the route of lookups that give none, or one that is not set up. */
  public static final String DEFAULT_NAME = "default";

  /** The cache's policy and limits; serves, checks nothing, tightens. */
  public static final Route DEFAULTS =
      new Route(Optional.empty(), OptionalDouble.empty(), OptionalDouble.empty(), false, 0.0, true);

  public Route {
    if (threshold.isPresent()) {
      Thresholds.requireCosine(threshold.getAsDouble());
    }
    if (wrongShareMax.isPresent()) {
      Thresholds.requireShare(wrongShareMax.getAsDouble());
    }
    if (!(checkedShare >= 0 && checkedShare <= 1)) {
      throw new CacheException.InvalidOption("checked share not in [0, 1]: " + checkedShare);
    }
  }

  public Route policy(DecisionPolicy value) {
    return new Route(Optional.of(value), threshold, wrongShareMax, shadow, checkedShare, tightens);
  }

  public Route threshold(double cosine) {
    return new Route(
        policy, OptionalDouble.of(cosine), wrongShareMax, shadow, checkedShare, tightens);
  }

  public Route wrongShareMax(double share) {
    return new Route(policy, threshold, OptionalDouble.of(share), shadow, checkedShare, tightens);
  }

  /** Accepts the wrong share of a preset. */
  public Route preset(Preset preset) {
    return wrongShareMax(preset.wrongShareMax());
  }

  public Route shadow(boolean value) {
    return new Route(policy, threshold, wrongShareMax, value, checkedShare, tightens);
  }

  public Route checkedShare(double share) {
    return new Route(policy, threshold, wrongShareMax, shadow, share, tightens);
  }

  public Route tightens(boolean value) {
    return new Route(policy, threshold, wrongShareMax, shadow, checkedShare, value);
  }
}
