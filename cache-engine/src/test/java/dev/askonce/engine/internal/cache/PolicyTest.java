package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.Scope;
import dev.askonce.engine.spi.Candidate;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Question;
import dev.askonce.engine.spi.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the decision stage asks a policy, and what it makes of the policy's verdicts. */
class PolicyTest {
  private static final Scope ACME = Scope.tenant("acme");

  @TempDir Path directory;

  /** Judges by a function and keeps what it was shown. */
  private static final class Recording implements DecisionPolicy {
    final List<Float> cosines = new ArrayList<>();
    final List<Optional<String>> texts = new ArrayList<>();
    BiFunction<Question, Candidate, Verdict> judge = (question, candidate) -> Verdict.SERVE;
    float floor = 0.5f;

    @Override
    public float floor(float threshold) {
      if (floor < 0) {
        throw new IllegalStateException("no floor");
      }
      return floor;
    }

    @Override
    public Verdict judge(Question question, Candidate candidate) {
      cosines.add(candidate.cosine());
      texts.add(candidate.text());
      return judge.apply(question, candidate);
    }
  }

  private final Recording policy = new Recording();

  private LocalSemanticCache open(boolean storeTexts) {
    CacheHouse house = new CacheHouse(directory);
    house.policy = policy;
    house.storeTexts = storeTexts;
    LocalSemanticCache cache = house.open();
    for (int i = 0; i < 20; i++) {
      cache.put(ACME, "what#" + i, Answer.text("answer " + i));
    }
    return cache;
  }

  @Test
  void judge_allRefused_seesEightBestFirstWithTheirTexts() {
    policy.judge = (question, candidate) -> Verdict.refuse("because " + policy.cosines.size());
    try (LocalSemanticCache cache = open(true)) {
      Lookup lookup = cache.lookup(ACME, "what#99");
      assertEquals(Optional.of(MissReason.REFUSED), lookup.missReason());
      assertEquals(Optional.of("because 1"), lookup.refusal(), "the nearest one's reason");
      assertEquals(8, policy.cosines.size());
      assertEquals(policy.cosines.getFirst(), lookup.bestCosine());
      for (int i = 0; i < 8; i++) {
        assertTrue(i == 0 || policy.cosines.get(i) <= policy.cosines.get(i - 1));
        String text = policy.texts.get(i).orElseThrow();
        assertEquals(FakeEmbedder.cosine("what#99", text), policy.cosines.get(i), 1e-5);
      }
      assertEquals(8, policy.texts.stream().distinct().count());
    }
  }

  @Test
  void judge_nearestRefused_letsTheSecondAnswer() {
    policy.judge =
        (question, candidate) ->
            policy.cosines.size() == 1 ? Verdict.refuse("not this") : Verdict.SERVE;
    try (LocalSemanticCache cache = open(true)) {
      Lookup lookup = cache.lookup(ACME, "what#99");
      assertEquals(2, policy.texts.size());
      String second = policy.texts.get(1).orElseThrow().replace("what#", "answer ");
      assertEquals(second, lookup.answer().orElseThrow().text());
      assertEquals(1, cache.stats().refusals().get("not this"));
    }
  }

  @Test
  void judge_question_hasTextAndThresholdInForce() {
    List<Question> questions = new ArrayList<>();
    policy.judge =
        (question, candidate) -> {
          questions.add(question);
          return Verdict.SERVE;
        };
    try (LocalSemanticCache cache = open(true)) {
      cache.lookup(ACME, "what#99", LookupOptions.DEFAULTS.threshold(0.97));
      cache.lookup(ACME, FakeEmbedder.vector("what#99"), LookupOptions.DEFAULTS.threshold(0.1));
      assertEquals(new Question(Optional.of("what#99"), 0.97f, 0.02), questions.getFirst());
      assertEquals(new Question(Optional.empty(), 0.95f, 0.02), questions.getLast());
    }
  }

  @Test
  void judge_textsNotKept_areAbsent() {
    try (LocalSemanticCache cache = open(false)) {
      assertTrue(cache.lookup(ACME, "what#99").isHit());
      assertEquals(List.of(Optional.empty()), policy.texts);
    }
  }

  @Test
  void judge_throwsOrSaysNothing_refuses() {
    try (LocalSemanticCache cache = open(true)) {
      policy.judge =
          (question, candidate) -> {
            throw new IllegalStateException("the guard is broken");
          };
      assertEquals(Optional.of(MissReason.REFUSED), cache.lookup(ACME, "what#99").missReason());
      policy.judge = (question, candidate) -> null;
      assertEquals(Optional.of(MissReason.REFUSED), cache.lookup(ACME, "what#99").missReason());
      assertEquals(16, cache.stats().refusals().get("policy-failed"));
    }
  }

  @Test
  void floor_throwsOrIsNoNumber_refuses() {
    try (LocalSemanticCache cache = open(true)) {
      for (float bad : new float[] {-1, Float.NaN}) {
        policy.floor = bad;
        Lookup lookup = cache.lookup(ACME, "what#99");
        assertTrue(!lookup.isHit(), lookup.toString());
      }
    }
  }

  @Test
  void reasons_moreKindsThanAreKept_countAsOther() {
    List<String> reasons = new ArrayList<>();
    policy.judge =
        (question, candidate) -> {
          reasons.add("reason " + reasons.size());
          return Verdict.refuse(reasons.getLast());
        };
    try (LocalSemanticCache cache = open(true)) {
      for (int i = 0; i < 20; i++) {
        cache.lookup(ACME, "what#99");
      }
      assertEquals(160, reasons.size());
      var counted = cache.stats().refusals();
      assertTrue(counted.size() <= 65, counted.size() + " kinds");
      assertEquals(160, counted.values().stream().mapToLong(Long::longValue).sum());
    }
  }
}
