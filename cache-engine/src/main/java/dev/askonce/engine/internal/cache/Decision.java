package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Lookup;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.Withheld;
import dev.askonce.engine.internal.cache.RouteState.Strictness;
import dev.askonce.engine.spi.Candidate;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Question;
import dev.askonce.engine.spi.Verdict;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decision stage of one lookup: what was found wrong before, then the route's policy, of which
 * a failure is a refusal; and whether what may answer is served.
 */
final class Decision {
  private static final Logger LOG = LoggerFactory.getLogger(Decision.class);
  private static final Verdict POLICY_FAILED = Verdict.refuse("policy-failed");

  /** Its answer was found wrong for this text. */
  private static final Verdict FOUND_WRONG = Verdict.refuse("found-wrong");

  final RouteState route;
  private final Core core;
  final Asked asked;
  private final Strictness strictness;
  private final boolean isChecked;

  /**
   * @param mayCheck whether somebody will load an answer to compare a hit with
   */
  Decision(Core core, RouteState route, Strictness strictness, Asked asked, boolean mayCheck) {
    this.core = core;
    this.route = route;
    this.strictness = strictness;
    this.asked = asked;
    isChecked =
        mayCheck
            && route.checkedShare > 0
            && ThreadLocalRandom.current().nextDouble() < route.checkedShare;
  }

  /** {@return the policy's floor; one that nothing reaches where it throws} */
  float floor() {
    try {
      return route.policy.floor(strictness.threshold());
    } catch (RuntimeException e) {
      LOG.warn("the decision policy failed: {}", e.toString());
      core.counters.refused(POLICY_FAILED.reason());
      return Float.NaN;
    }
  }

  /** {@return the policy's enough; one that nothing reaches where it throws} */
  float enough() {
    try {
      return route.policy.enough(strictness.threshold());
    } catch (RuntimeException e) {
      LOG.warn("the decision policy failed: {}", e.toString());
      return Float.POSITIVE_INFINITY;
    }
  }

  /**
   * {@return the verdict on a candidate}
   *
   * @param stored the keyed hash of its text
   */
  Verdict judge(float cosine, Hash128 stored, Supplier<Optional<String>> text) {
    if (core.feedback.separates(asked.textHash, stored)) {
      return FOUND_WRONG;
    }
    try {
      Question question =
          new Question(asked.text, strictness.threshold(), strictness.wrongShareMax());
      Verdict verdict = route.policy.judge(question, new Proposed(cosine, text));
      return verdict == null ? POLICY_FAILED : verdict;
    } catch (RuntimeException e) {
      LOG.warn("the decision policy failed: {}", e.toString());
      return POLICY_FAILED;
    }
  }

  private record Proposed(float cosine, Supplier<Optional<String>> reader) implements Candidate {
    @Override
    public Optional<String> text() {
      return reader.get();
    }
  }

  /** {@return a hit of the exact tier, or, on a shadow route, a miss with it} */
  Lookup ofExact(Lookup hit) {
    return route.shadow ? withheld(MissReason.SHADOW, hit, asked.text) : hit;
  }

  /** {@return a hit by similarity, or a miss with it where it is not to be served} */
  Lookup ofSemantic(Lookup hit, Supplier<Optional<String>> storedText) {
    if (route.shadow) {
      return withheld(MissReason.SHADOW, hit, storedText.get());
    }
    return isChecked ? withheld(MissReason.CHECKED, hit, storedText.get()) : hit;
  }

  private static Lookup withheld(MissReason reason, Lookup hit, Optional<String> storedText) {
    return Lookup.withheld(reason, new Withheld(hit.hit().orElseThrow(), storedText));
  }
}
