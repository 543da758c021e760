package dev.askonce.engine.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.Candidate;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Question;
import dev.askonce.engine.spi.Verdict;
import dev.askonce.engine.spi.Verifier;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class GuardedPolicyTest {
  private static final Verdict SHOUTED = Verdict.refuse("shouted");

  /** Knows texts that begin with "x", and objects to stored ones that end with "!". */
  private static class FakeLanguage implements Language {
    @Override
    public boolean covers(Tokens text) {
      return text.all().getFirst().folded().startsWith("x");
    }

    @Override
    public Optional<Verdict> objection(Tokens asked, Tokens stored) {
      return stored.all().getLast().folded().equals("shout")
          ? Optional.of(SHOUTED)
          : Optional.empty();
    }
  }

  /** As sure as it is told, and counts how often it was asked. */
  private static final class FakeVerifier implements Verifier {
    double probability;
    boolean late;
    int asked;

    @Override
    public boolean accepts(String embedderFingerprint) {
      return embedderFingerprint.equals("fake");
    }

    @Override
    public OptionalDouble probability(String text, String stored, float cosine, Duration timeout)
        throws TimeoutException {
      asked++;
      if (late) {
        throw new TimeoutException();
      }
      return Double.isNaN(probability) ? OptionalDouble.empty() : OptionalDouble.of(probability);
    }

    @Override
    public double leastProbability(double wrongShareMax) {
      return 1 - wrongShareMax;
    }
  }

  private static Verdict judge(DecisionPolicy policy, String asked, String stored, float cosine) {
    return policy.judge(
        new Question(Optional.ofNullable(asked), 0.9f, 0.2),
        new Candidate() {
          @Override
          public float cosine() {
            return cosine;
          }

          @Override
          public Optional<String> text() {
            return Optional.ofNullable(stored);
          }
        });
  }

  @Test
  void withoutVerifier_cosineDecidesWhereNoGuardObjects() {
    GuardedPolicy policy = GuardedPolicy.builder().languages(new FakeLanguage()).build();
    assertEquals(Verdict.SERVE, judge(policy, "x a", "x b", 0.9f));
    assertEquals(CosinePolicy.BELOW_THRESHOLD, judge(policy, "x a", "x b", 0.89f));
    assertEquals(SHOUTED, judge(policy, "x a", "x shout", 1));
    assertEquals(0.9f, policy.floor(0.9f), 1e-5f);
  }

  @Test
  void withVerifier_itsProbabilityDecides() {
    FakeVerifier verifier = new FakeVerifier();
    GuardedPolicy policy =
        GuardedPolicy.builder()
            .languages(new FakeLanguage())
            .verifier(verifier)
            .verifiedFloor(0.6f)
            .build();
    verifier.probability = 0.8;
    assertEquals(Verdict.SERVE, judge(policy, "x a", "x b", 0.61f));
    verifier.probability = 0.79;
    assertEquals(GuardedPolicy.UNLIKELY, judge(policy, "x a", "x b", 0.99f));
    verifier.probability = Double.NaN;
    assertEquals(GuardedPolicy.UNREAD, judge(policy, "x a", "x b", 0.99f));
    verifier.late = true;
    assertEquals(GuardedPolicy.VERIFIER_TIMEOUT, judge(policy, "x a", "x b", 0.99f));
    assertEquals(0.6f, policy.floor(0.9f));
    assertTrue(policy.accepts("fake"));
    assertFalse(policy.accepts("other"));
  }

  @Test
  void textsThatAreTheSameToTheirLanguage_needNoVerifier() {
    FakeVerifier verifier = new FakeVerifier();
    verifier.probability = 0;
    Language same =
        new FakeLanguage() {
          @Override
          public boolean isSame(Tokens asked, Tokens stored) {
            return true;
          }
        };
    GuardedPolicy policy = GuardedPolicy.builder().languages(same).verifier(verifier).build();
    assertEquals(Verdict.SERVE, judge(policy, "x a", "x b", 0.95f));
    assertEquals(SHOUTED, judge(policy, "x a", "x shout", 1));
    assertEquals(0, verifier.asked);
  }

  @Test
  void verifier_isNotAskedForNothing() {
    FakeVerifier verifier = new FakeVerifier();
    GuardedPolicy policy =
        GuardedPolicy.builder().languages(new FakeLanguage()).verifier(verifier).build();
    assertEquals(SHOUTED, judge(policy, "x a", "x shout", 1));
    assertEquals(CosinePolicy.BELOW_THRESHOLD, judge(policy, "x a", "x b", 0.5f));
    assertEquals(0, verifier.asked);
  }

  @Test
  void whatNobodyCanJudge_isRefusedUnlessCosineIsAllowed() {
    GuardedPolicy strict = GuardedPolicy.builder().languages(new FakeLanguage()).build();
    assertEquals(GuardedPolicy.UNKNOWN_LANGUAGE, judge(strict, "y a", "x b", 1));
    assertEquals(GuardedPolicy.UNKNOWN_LANGUAGE, judge(strict, "x a", "y b", 1));
    assertEquals(GuardedPolicy.NO_TEXT, judge(strict, null, "x b", 1));
    assertEquals(GuardedPolicy.NO_TEXT, judge(strict, "x a", null, 1));

    GuardedPolicy open = GuardedPolicy.builder().cosineForUnjudged(true).build();
    assertEquals(Verdict.SERVE, judge(open, "y a", "x b", 0.95f));
    assertEquals(Verdict.SERVE, judge(open, null, "x b", 0.95f));
    assertEquals(CosinePolicy.BELOW_THRESHOLD, judge(open, "y a", "x b", 0.8f));
    assertEquals(NumberGuard.REFUSAL, judge(open, "y 5", "y 6", 1));
    assertEquals(IdentifierGuard.REFUSAL, judge(open, "y a_b", "y a_c", 1));
  }

  @Test
  void wrongSettings_areRefused() {
    GuardedPolicy.Builder builder = GuardedPolicy.builder();
    for (float cosine : new float[] {-0.1f, 1.1f, Float.NaN}) {
      assertThrows(CacheException.InvalidOption.class, () -> builder.verifiedFloor(cosine));
    }
    assertThrows(CacheException.InvalidOption.class, () -> builder.verifierTimeout(Duration.ZERO));
  }
}
