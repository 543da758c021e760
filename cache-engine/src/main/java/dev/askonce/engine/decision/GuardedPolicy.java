package dev.askonce.engine.decision;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.Candidate;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Question;
import dev.askonce.engine.spi.Verdict;
import dev.askonce.engine.spi.Verifier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;

/**
 * Serves a candidate to which no guard objects and that is near enough: by a calibrated verifier
 * where there is one, else by raw cosine.
 *
 * <p>Threading: stateless but for what it was built with.
 */
public final class GuardedPolicy implements DecisionPolicy {
  /** No text is stored or asked, so that no guard can look. */
  public static final Verdict NO_TEXT = Verdict.refuse("no-text");

  /** A text in a language that no guard knows. */
  public static final Verdict UNKNOWN_LANGUAGE = Verdict.refuse("unknown-language");

  /** The verifier finds it too unlikely that one answer serves both. */
  public static final Verdict UNLIKELY = Verdict.refuse("unlikely");

  /** The verifier cannot read all of both texts. */
  public static final Verdict UNREAD = Verdict.refuse("unread");

  /** The verifier had no time. */
  public static final Verdict VERIFIER_TIMEOUT = Verdict.refuse("verifier-timeout");

  /* Order, by cost: two texts read and compared by the guards take about 10 µs, the verifier 2 to
   * 4 ms. So it sees what passed the guards only. It is not asked below a floor either, under which
   * hardly any pair shares an answer.
   */

  /**
   * The probability that one answer serves two texts that are the same to their language: of 771
   * such pairs of a forum 59 are labelled otherwise, most of them by mistake as it seems to a
   * reader.
   */
  private static final double SAME = 0.98;

  private static final List<Guard> ANY_LANGUAGE = List.of(new IdentifierGuard(), new NumberGuard());

  private final List<Language> languages;
  private final Optional<Verifier> verifier;
  private final float verifiedFloor;
  private final Duration timeout;
  private final boolean cosineForUnjudged;

  private GuardedPolicy(Builder builder) {
    languages = List.copyOf(builder.languages);
    verifier = builder.verifier;
    verifiedFloor = builder.verifiedFloor;
    timeout = builder.timeout;
    cosineForUnjudged = builder.cosineForUnjudged;
  }

  /**
   * What is known of a pair before somebody decides.
   *
   * @param objection a reason not to serve, whatever the score
   * @param verified whether the score is the verifier's
   * @param score the probability that one answer serves both, or the raw cosine
   */
  public record Assessment(Optional<Verdict> objection, boolean verified, double score) {}

  /** {@return a builder whose policy refuses all texts until it is given a language} */
  public static Builder builder() {
    return new Builder();
  }

  /** What a policy consists of. Not thread-safe. */
  public static final class Builder {
    private List<Language> languages = List.of();
    private Optional<Verifier> verifier = Optional.empty();
    private float verifiedFloor = 0.7f;
    private Duration timeout = Duration.ofMillis(50);
    private boolean cosineForUnjudged;

    private Builder() {}

    /** Sets the languages; the first that covers both texts judges. */
    public Builder languages(Language... values) {
      languages = List.of(values);
      return this;
    }

    /** Sets what weighs candidates that no guard objects to; by default raw cosine does. */
    public Builder verifier(Verifier value) {
      verifier = Optional.of(value);
      return this;
    }

    /**
     * Sets the least raw cosine of what the verifier is asked about. Default: 0.7.
     *
     * @param value from 0 to 1
     */
    public Builder verifiedFloor(float value) {
      if (!(value >= 0 && value <= 1)) {
        throw new CacheException.InvalidOption("cosine not in [0, 1]: " + value);
      }
      verifiedFloor = value;
      return this;
    }

    /** Sets the most time for one call of the verifier. Default: 50 ms. */
    public Builder verifierTimeout(Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new CacheException.InvalidOption("timeout not over 0: " + value);
      }
      timeout = value;
      return this;
    }

    /**
     * Serves by raw cosine what no language and no verifier can judge, where its numbers and
     * identifiers agree; by default that is a miss.
     */
    public Builder cosineForUnjudged(boolean value) {
      cosineForUnjudged = value;
      return this;
    }

    public GuardedPolicy build() {
      return new GuardedPolicy(this);
    }
  }

  /** {@return whether its verifier, if it has one, was calibrated with this embedder's cosines} */
  @Override
  public boolean accepts(String embedderFingerprint) {
    return verifier.isEmpty() || verifier.get().accepts(embedderFingerprint);
  }

  @Override
  public float floor(float threshold) {
    return verifier.isPresent()
        ? Math.min(verifiedFloor, threshold)
        : threshold - CosinePolicy.ROUNDING;
  }

  @Override
  public Verdict judge(Question question, Candidate candidate) {
    Optional<String> stored = question.text().isEmpty() ? Optional.empty() : candidate.text();
    Assessment assessment =
        stored.isEmpty()
            ? withoutText(candidate.cosine())
            : assess(question.text().get(), stored.get(), candidate.cosine());
    return decide(assessment, question.threshold(), question.wrongShareMax());
  }

  /**
   * {@return the verdict on what is known}
   *
   * @param threshold raw cosine, for what no verifier weighed
   * @param wrongShareMax the accepted share of wrong answers, for what the verifier weighed
   */
  public Verdict decide(Assessment assessment, float threshold, double wrongShareMax) {
    if (assessment.objection().isPresent()) {
      return assessment.objection().get();
    } else if (assessment.verified()) {
      double least = verifier.orElseThrow().leastProbability(wrongShareMax);
      return assessment.score() >= least ? Verdict.SERVE : UNLIKELY;
    }
    return CosinePolicy.decide(assessment.score(), threshold);
  }

  /**
   * {@return what guards and verifier say to a pair of texts, without a decision}
   *
   * @param cosine raw cosine of their vectors
   */
  public Assessment assess(String asked, String stored, float cosine) {
    Tokens askedTokens = Tokens.of(asked);
    Tokens storedTokens = Tokens.of(stored);
    for (Language language : languages) {
      if (language.covers(askedTokens) && language.covers(storedTokens)) {
        Optional<Verdict> objection = language.objection(askedTokens, storedTokens);
        if (objection.isPresent() || verifier.isEmpty()) {
          return new Assessment(objection, false, cosine);
        }
        return language.isSame(askedTokens, storedTokens)
            ? new Assessment(Optional.empty(), true, SAME)
            : verified(asked, stored, cosine);
      }
    }
    if (!cosineForUnjudged) {
      return new Assessment(Optional.of(UNKNOWN_LANGUAGE), false, cosine);
    }
    return new Assessment(anyLanguage(askedTokens, storedTokens), false, cosine);
  }

  private Assessment withoutText(float cosine) {
    return new Assessment(
        cosineForUnjudged ? Optional.empty() : Optional.of(NO_TEXT), false, cosine);
  }

  private static Optional<Verdict> anyLanguage(Tokens asked, Tokens stored) {
    for (Guard guard : ANY_LANGUAGE) {
      Optional<Verdict> objection = guard.objection(asked, stored);
      if (objection.isPresent()) {
        return objection;
      }
    }
    return Optional.empty();
  }

  private Assessment verified(String asked, String stored, float cosine) {
    if (cosine < verifiedFloor) {
      return new Assessment(Optional.of(CosinePolicy.BELOW_THRESHOLD), false, cosine);
    }
    try {
      OptionalDouble probability = verifier.get().probability(asked, stored, cosine, timeout);
      return probability.isEmpty()
          ? new Assessment(Optional.of(UNREAD), false, cosine)
          : new Assessment(Optional.empty(), true, probability.getAsDouble());
    } catch (TimeoutException e) {
      return new Assessment(Optional.of(VERIFIER_TIMEOUT), false, cosine);
    }
  }
}
