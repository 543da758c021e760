package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.HitId;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LoadTicket.Role;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Route;
import dev.askonce.engine.RouteStats;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.Withheld;
import dev.askonce.engine.spi.Candidate;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Judge;
import dev.askonce.engine.spi.Judge.Outcome;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.Question;
import dev.askonce.engine.spi.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routes: their strictness, hits that are withheld and checked, and reports of wrong ones. */
@Timeout(60)
class RouteTest {
  private static final Scope ACME = Scope.tenant("acme");
  private static final LookupOptions ON_FAQ = LookupOptions.DEFAULTS.route("faq");

  @TempDir Path directory;

  /** Serves everything and keeps what it was asked. */
  private static final class Recording implements DecisionPolicy {
    final List<Question> questions = new ArrayList<>();

    @Override
    public float floor(float threshold) {
      return 0.5f;
    }

    @Override
    public Verdict judge(Question question, Candidate candidate) {
      questions.add(question);
      return Verdict.SERVE;
    }

    Question last() {
      return questions.getLast();
    }
  }

  private LocalSemanticCache open(Route faq, Judge judge) {
    CacheHouse house = new CacheHouse(directory);
    house.routes = Map.of("faq", faq);
    house.judge = Optional.ofNullable(judge);
    return house.open();
  }

  private static RouteStats faq(SemanticCache cache) {
    return cache.stats().routes().get("faq");
  }

  private static RouteStats awaitFaq(SemanticCache cache, Predicate<RouteStats> holds) {
    RouteStats stats = faq(cache);
    while (!holds.test(stats)) {
      Thread.onSpinWait();
      stats = faq(cache);
    }
    return stats;
  }

  @Test
  void lookup_takesItsRoutesPolicyAndLimits_andMayOnlyTighten() {
    Recording policy = new Recording();
    Route strict = Route.DEFAULTS.policy(policy).threshold(0.9).wrongShareMax(0.1);
    try (LocalSemanticCache cache = open(strict, null)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      cache.lookup(ACME, "what#2", ON_FAQ);
      assertEquals(new Question(Optional.of("what#2"), 0.9f, 0.1), policy.last());
      cache.lookup(ACME, "what#2", ON_FAQ.threshold(0.8).wrongShareMax(0.5));
      assertEquals(new Question(Optional.of("what#2"), 0.9f, 0.1), policy.last());
      cache.lookup(ACME, "what#2", ON_FAQ.threshold(0.97).wrongShareMax(0.03));
      assertEquals(new Question(Optional.of("what#2"), 0.97f, 0.03), policy.last());

      assertTrue(cache.lookup(ACME, "what#2", LookupOptions.DEFAULTS.route("none")).isHit());
      assertEquals(3, policy.questions.size(), "another policy on the default route");
      assertEquals(3, faq(cache).semanticHits());
      assertEquals(1, cache.stats().routes().get(Route.DEFAULT_NAME).semanticHits());
      assertEquals(2, cache.stats().routes().size());
    }
  }

  @Test
  void shadow_servesNothing_andSaysWhatItWould() {
    List<String> judged = new ArrayList<>();
    Judge judge =
        (asked, stored, old, fresh) -> {
          judged.add(asked + "|" + stored.orElse("") + "|" + old.text() + "|" + fresh.text());
          return old.text().equals(fresh.text()) ? Outcome.RIGHT : Outcome.WRONG;
        };
    try (LocalSemanticCache cache = open(Route.DEFAULTS.shadow(true), judge)) {
      cache.put(ACME, "what#1", Answer.text("one"));

      Lookup exact = cache.lookup(ACME, "what#1", ON_FAQ);
      assertEquals(Optional.of(MissReason.SHADOW), exact.missReason());
      Withheld withheld = exact.withheld().orElseThrow();
      assertEquals("one", withheld.hit().answer().text());
      assertEquals(Optional.of("what#1"), withheld.storedText());

      try (LoadTicket ticket = cache.acquire(ACME, "what#2", ON_FAQ)) {
        assertEquals(Role.ALONE, ticket.role());
        assertEquals(Optional.of(MissReason.SHADOW), ticket.lookup().missReason());
        assertTrue(ticket.fulfil(Answer.text("one"), PutOptions.DEFAULTS).isPresent());
      }
      awaitFaq(cache, stats -> stats.wrongShare().checked() == 1);
      assertEquals(List.of("what#2|what#1|one|one"), judged);

      // Not in the cache: loaded and stored, as on any route.
      try (LoadTicket ticket = cache.acquire(ACME, "else", ON_FAQ)) {
        assertEquals(Role.LEADER, ticket.role());
        assertTrue(ticket.fulfil(Answer.text("two"), PutOptions.DEFAULTS).isPresent());
      }
      RouteStats stats = faq(cache);
      assertEquals(0, stats.exactHits() + stats.semanticHits());
      assertEquals(3, stats.misses());
      assertEquals(2, stats.withheld());
      assertEquals(0, stats.wrongShare().wrong());
    }
  }

  @Test
  void checkedHit_foundWrong_isStoredAnew_andNeverServedForThatTextAgain() {
    Judge judge = (asked, stored, old, fresh) -> Outcome.WRONG;
    Route checked = Route.DEFAULTS.checkedShare(1);
    try (LocalSemanticCache cache = open(checked, judge)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      assertTrue(cache.lookup(ACME, "what#2", ON_FAQ).isHit(), "who loads nothing is served");
      try (LoadTicket ticket = cache.acquire(ACME, "what#2", ON_FAQ)) {
        assertEquals(Role.ALONE, ticket.role());
        assertEquals(Optional.of(MissReason.CHECKED), ticket.lookup().missReason());
        ticket.fulfil(Answer.text("two"), PutOptions.DEFAULTS);
      }
      RouteStats stats = awaitFaq(cache, found -> found.wrongShare().checked() == 1);
      assertEquals(1, stats.wrongShare().wrong());
      assertEquals(1, stats.wrongShare().served());
      assertEquals("two", cache.lookup(ACME, "what#2", ON_FAQ).answer().orElseThrow().text());
      assertEquals("one", cache.lookup(ACME, "what#1", ON_FAQ).answer().orElseThrow().text());

      assertTrue(cache.invalidate(cache.lookup(ACME, "what#2").hit().orElseThrow().id()));
      Lookup apart = cache.lookup(ACME, "what#2");
      assertEquals(Optional.of("found-wrong"), apart.refusal());
    }
    try (LocalSemanticCache cache = open(checked, judge)) {
      assertEquals(Optional.of("found-wrong"), cache.lookup(ACME, "what#2").refusal());
      assertTrue(cache.lookup(ACME, "what#3").isHit());
    }
  }

  @Test
  void judgeThatCannotTell_isNoEvidence() {
    Route checked = Route.DEFAULTS.checkedShare(1);
    int[] calls = new int[1];
    Judge judge =
        (asked, stored, old, fresh) -> {
          switch (calls[0]++) {
            case 0 -> throw new IllegalStateException("no judge today");
            case 1 -> {
              return null;
            }
            default -> {
              return Outcome.UNDECIDED;
            }
          }
        };
    try (LocalSemanticCache cache = open(checked, judge)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      for (int i = 1; i <= 3; i++) {
        int count = i;
        fulfil(cache, "what#2" + i);
        awaitFaq(cache, stats -> stats.undecided() == count);
      }
      assertEquals(0, faq(cache).wrongShare().checked());
      assertTrue(Double.isNaN(faq(cache).wrongShare().share()));
    }
  }

  @Test
  void checks_moreThanJudgesCanTake_areLeftOut() {
    CountDownLatch go = new CountDownLatch(1);
    Judge judge =
        (asked, stored, old, fresh) -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Outcome.RIGHT;
        };
    try (LocalSemanticCache cache = open(Route.DEFAULTS.checkedShare(1), judge)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      for (int i = 0; i < 70; i++) {
        fulfil(cache, "what#2" + i);
      }
      assertEquals(6, faq(cache).undecided());
      go.countDown();
      awaitFaq(cache, stats -> stats.wrongShare().checked() == 64);
    }
  }

  private static void fulfil(SemanticCache cache, String text) {
    try (LoadTicket ticket = cache.acquire(ACME, text, ON_FAQ)) {
      ticket.fulfil(Answer.text("fresh"), PutOptions.DEFAULTS);
    }
  }

  @Test
  void wrong_removesTheEntry_andKeepsBothTextsApart() {
    HitId id;
    try (LocalSemanticCache cache = open(Route.DEFAULTS, null)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      id = HitId.parse(cache.lookup(ACME, "what#2", ON_FAQ).hit().orElseThrow().hitId().toString());
      assertTrue(cache.wrong(id));
      assertFalse(cache.wrong(id), "known");
      assertEquals(0, cache.stats().entries());
      assertEquals(1, faq(cache).wrongShare().reported());

      cache.put(ACME, "what#1", Answer.text("one"));
      assertEquals(Optional.of("found-wrong"), cache.lookup(ACME, "what#2").refusal());
      assertTrue(cache.lookup(ACME, "what#1").isHit());
      assertTrue(cache.lookup(ACME, "what#3").isHit());
    }
    try (LocalSemanticCache cache = open(Route.DEFAULTS, null)) {
      assertEquals(Optional.of("found-wrong"), cache.lookup(ACME, "what#2").refusal());
      assertFalse(cache.wrong(id));
      assertTrue(cache.lookup(ACME, "what#1").isHit(), "a later entry of the text");

      // The other way round too.
      cache.invalidateScope(ACME);
      cache.put(ACME, "what#2", Answer.text("two"));
      assertEquals(Optional.of("found-wrong"), cache.lookup(ACME, "what#1").refusal());
    }
  }

  @Test
  void wrong_exactHitOrVector_removesTheEntryAlone() {
    try (LocalSemanticCache cache = open(Route.DEFAULTS, null)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      assertTrue(cache.wrong(cache.lookup(ACME, "what#1", ON_FAQ).hit().orElseThrow().hitId()));
      assertFalse(cache.lookup(ACME, "what#1").isHit());
      assertEquals(0, faq(cache).wrongShare().reported());

      float[] vector = FakeEmbedder.vector("what#1");
      cache.put(ACME, vector, Answer.text("one"), PutOptions.DEFAULTS);
      assertTrue(cache.wrong(cache.lookup(ACME, vector, ON_FAQ).hit().orElseThrow().hitId()));
      assertFalse(cache.lookup(ACME, vector, ON_FAQ).isHit());
    }
  }

  @Test
  void wrong_idThatTheStoreDidNotMake_isRefused() {
    try (LocalSemanticCache cache = open(Route.DEFAULTS, null)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      String id = cache.lookup(ACME, "what#2").hit().orElseThrow().hitId().toString();
      for (int i = 0; i < id.length(); i += 3) {
        char other = id.charAt(i) == 'A' ? 'B' : 'A';
        String changed = id.substring(0, i) + other + id.substring(i + 1);
        assertThrows(
            CacheException.InvalidOption.class, () -> cache.wrong(HitId.parse(changed)), changed);
      }
      HitId mine =
          new HitId(
              HitId.parse(id).entry(),
              1,
              new Hash128(1, 2),
              new Hash128(3, 4),
              0,
              "faq",
              new KeyedHash(new byte[KeyedHash.SECRET_BYTES]));
      assertThrows(CacheException.InvalidOption.class, () -> cache.wrong(mine));
      assertTrue(cache.lookup(ACME, "what#2").isHit());
    }
  }

  @Test
  void invalidatedTenant_isForgottenInTheFeedbackToo() {
    try (LocalSemanticCache cache = open(Route.DEFAULTS, null)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      cache.wrong(cache.lookup(ACME, "what#2").hit().orElseThrow().hitId());
      cache.invalidateTenant("other");
      cache.put(ACME, "what#1", Answer.text("one"));
      assertEquals(Optional.of("found-wrong"), cache.lookup(ACME, "what#2").refusal());
      cache.invalidateTenant("acme");
    }
    try (LocalSemanticCache cache = open(Route.DEFAULTS, null)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      assertTrue(cache.lookup(ACME, "what#2").isHit());
    }
  }

  @Test
  void checkedHit_answersWhereTheLoadFails() {
    Judge judge = (asked, stored, old, fresh) -> Outcome.RIGHT;
    try (LocalSemanticCache cache = open(Route.DEFAULTS.checkedShare(1), judge)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      Answer answer =
          cache.getOrLoad(
              ACME,
              "what#2",
              ON_FAQ,
              PutOptions.DEFAULTS,
              Duration.ofSeconds(1),
              () -> {
                throw new IOException("the provider is down");
              });
      assertEquals("one", answer.text());
    }
  }

  @Test
  void follower_thatIsAnswered_countsAsAHitOfItsRoute() {
    try (LocalSemanticCache cache = open(Route.DEFAULTS, null);
        LoadTicket leader = cache.acquire(ACME, "what#1", ON_FAQ);
        LoadTicket follower = cache.acquire(ACME, "what#2", ON_FAQ)) {
      assertEquals(Role.FOLLOWER, follower.role());
      leader.fulfil(Answer.text("one"), PutOptions.DEFAULTS);
      assertEquals(Role.HIT, follower.await(Duration.ofSeconds(10)));
      assertEquals(1, faq(cache).semanticHits());
      assertEquals(1, faq(cache).misses());
    }
  }

  @Test
  void route_withTooMuchWrong_becomesStricter_untilTheOperatorLoosensIt() {
    Judge judge = (asked, stored, old, fresh) -> Outcome.WRONG;
    Route checked = Route.DEFAULTS.checkedShare(1).threshold(0.9);
    try (LocalSemanticCache cache = open(checked, judge)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      double before = 0;
      for (int level = 1; level <= RouteState.LEVEL_MAX; level++) {
        for (int i = 0; i < RouteState.WRONG_MIN; i++) {
          check(cache, level, i);
        }
        int wanted = level;
        RouteStats stats = awaitFaq(cache, found -> found.tightened() == wanted);
        assertTrue(stats.threshold() > before && stats.threshold() < 1, stats.toString());
        assertEquals(0.02 * Math.pow(0.5, level), stats.wrongShareMax(), 1e-9);
        assertEquals(0, stats.wrongShare().checked(), "evidence begins anew");
        assertEquals(level == RouteState.LEVEL_MAX, stats.exactOnly());
        before = stats.threshold();
      }
      assertEquals(
          Optional.of(MissReason.EXACT_ONLY),
          cache.lookup(ACME, "what#2", ON_FAQ.threshold(0.5)).missReason());
      assertTrue(cache.lookup(ACME, "what#1", ON_FAQ).isHit());
      assertEquals(0, cache.stats().routes().get(Route.DEFAULT_NAME).tightened());
    }
    try (LocalSemanticCache cache = open(checked, judge)) {
      assertTrue(faq(cache).exactOnly(), "after a restart too");
      assertTrue(cache.loosen("faq"));
      assertFalse(cache.loosen("faq"));
      assertEquals(0.9, faq(cache).threshold(), 1e-6);
      assertTrue(cache.lookup(ACME, "what#new", ON_FAQ).isHit());
    }
    try (LocalSemanticCache cache = open(checked, judge)) {
      assertEquals(0, faq(cache).tightened());
    }
  }

  /** A check of a hit on one entry, at any strictness: the vector of the asked text is its own. */
  private static void check(LocalSemanticCache cache, int level, int i) {
    RouteStats before = faq(cache);
    String text = "same" + level + i;
    float[] vector = FakeEmbedder.vector(text);
    cache.put(ACME, vector, Answer.text("one"), PutOptions.DEFAULTS);
    fulfil(cache, text);
    awaitFaq(
        cache,
        found ->
            found.tightened() > before.tightened()
                || found.wrongShare().wrong() > before.wrongShare().wrong());
  }

  @Test
  void reports_tightenARouteToo_onceEnoughWasServed_unlessTheOperatorForbids() {
    for (Route route :
        List.of(
            Route.DEFAULTS.wrongShareMax(0.5), Route.DEFAULTS.wrongShareMax(0.5).tightens(false))) {
      try (LocalSemanticCache cache = open(route, null)) {
        cache.invalidateScope(ACME);
        String before = route + "before";
        cache.put(ACME, before + "#1", Answer.text("one"));
        HitId late = cache.lookup(ACME, before + "#2", ON_FAQ).hit().orElseThrow().hitId();
        cache.loosen("faq");
        // In this test the clock stands still: what was served at the very beginning counts.
        assertEquals(0, faq(cache).wrongShare().served());
        for (int i = 0; i < 6; i++) {
          String what = "what" + route + i;
          cache.put(ACME, what + "#1", Answer.text("one"));
          HitId id = cache.lookup(ACME, what + "#2", ON_FAQ).hit().orElseThrow().hitId();
          assertEquals(0, faq(cache).tightened(), "after " + i);
          cache.wrong(id);
        }
        assertEquals(route.tightens() ? 1 : 0, faq(cache).tightened());
        cache.wrong(late);
        cache.loosen("faq");
      }
    }
  }

  @Test
  void reportsOfWhatWasServedEarlier_areNoEvidence() {
    CacheHouse house = new CacheHouse(directory);
    house.routes = Map.of("faq", Route.DEFAULTS);
    try (LocalSemanticCache cache = house.open()) {
      cache.put(ACME, "what#1", Answer.text("one"));
      HitId late = cache.lookup(ACME, "what#2", ON_FAQ).hit().orElseThrow().hitId();
      house.clock.advance(Duration.ofSeconds(1));
      cache.loosen("faq");
      assertTrue(cache.wrong(late), "but the pair is kept apart");
      assertEquals(0, faq(cache).wrongShare().reported());
    }
  }

  @Test
  void shadowRoute_measuresAndStaysAsStrictAsItIs() {
    Judge judge = (asked, stored, old, fresh) -> Outcome.WRONG;
    try (LocalSemanticCache cache = open(Route.DEFAULTS.shadow(true), judge)) {
      cache.put(ACME, "what#1", Answer.text("one"));
      for (int i = 1; i <= 2 * RouteState.WRONG_MIN; i++) {
        int count = i;
        cache.put(ACME, "what" + i + "#1", Answer.text("one"));
        fulfil(cache, "what" + i + "#2");
        awaitFaq(cache, stats -> stats.wrongShare().wrong() == count);
      }
      assertEquals(0, faq(cache).tightened());
      assertEquals(1, faq(cache).wrongShare().share(), 1e-9);
    }
  }

  @Test
  void settings_thatMakeNoSense_areRefused() {
    assertThrows(CacheException.InvalidThreshold.class, () -> Route.DEFAULTS.threshold(1.1));
    for (double share : new double[] {0, -1, 1.1, Double.NaN}) {
      assertThrows(CacheException.InvalidOption.class, () -> Route.DEFAULTS.wrongShareMax(share));
      assertThrows(
          CacheException.InvalidOption.class, () -> LookupOptions.DEFAULTS.wrongShareMax(share));
      assertThrows(
          CacheException.InvalidOption.class,
          () -> SemanticCache.at(directory).wrongShareMax(share));
    }
    assertThrows(CacheException.InvalidOption.class, () -> Route.DEFAULTS.checkedShare(1.01));
    assertThrows(
        CacheException.InvalidOption.class,
        () -> SemanticCache.at(directory).route("no name", Route.DEFAULTS));
    assertThrows(
        CacheException.InvalidOption.class,
        () ->
            SemanticCache.at(directory)
                .vectors(8, "any")
                .route("faq", Route.DEFAULTS.checkedShare(0.1))
                .open());
  }

  @Test
  void hitId_thatIsNone_isRefused() {
    for (String text : List.of("", "x", "!", "AAAA", "A".repeat(200))) {
      assertThrows(CacheException.InvalidOption.class, () -> HitId.parse(text), text);
    }
  }
}
