package dev.askonce.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.internal.cache.FakeEmbedder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SemanticCache} promises its callers, one behaviour at a time; the clock stands
 * still. A test class of an implementation extends it.
 */
public abstract class SemanticCacheContract extends LifetimeContract {
  @Test
  void lookup_equalText_isAnExactHitWithoutEmbedding() {
    EntryId id = put("what#1", "so");
    int calls = embedder.calls.get();
    Hit hit = cache.lookup(ACME, "what#1").hit().orElseThrow();
    assertEquals(HitKind.EXACT, hit.kind());
    assertEquals(id, hit.id());
    assertEquals(1, hit.cosine());
    assertEquals(Answer.text("so"), hit.answer());
    assertEquals(clock.instant(), hit.created());
    assertEquals(clock.instant().plus(HOUR), hit.expires());
    assertEquals(calls, embedder.calls.get());
  }

  @Test
  void lookup_whiteSpaceAndUnicodeForm_doNotMatter() {
    put("caf\u00e9  au lait", "so");
    for (String same :
        new String[] {"cafe\u0301 au lait", "  caf\u00e9\tau\n\nlait ", "caf\u00e9\u00a0au lait"}) {
      assertEquals(HitKind.EXACT, cache.lookup(ACME, same).hit().orElseThrow().kind(), same);
    }
  }

  @Test
  void lookup_caseOrAccent_matters() {
    put("US president", "so");
    assertFalse(cache.lookup(ACME, "us president").isHit());
    assertFalse(cache.lookup(ACME, "US pr\u00e9sident").isHit());
  }

  @Test
  void lookup_paraphraseInTheScope_isASemanticHit() {
    put("capital of france#1", "Paris");
    Hit hit = cache.lookup(ACME, "capital of france#2").hit().orElseThrow();
    assertEquals(HitKind.SEMANTIC, hit.kind());
    assertEquals("Paris", hit.answer().text());
    assertEquals(
        FakeEmbedder.cosine("capital of france#1", "capital of france#2"), hit.cosine(), 1e-5);
  }

  @Test
  void lookup_sameTextInAnotherScope_misses() {
    put("capital#1", "Paris");
    for (Scope other :
        new Scope[] {
          Scope.tenant("other").with("model", "m"),
          Scope.tenant("acme"),
          Scope.tenant("acme").with("model", "n"),
          Scope.tenant("acme").with("model", "m").with("", ""),
          Scope.shared().with("model", "m")
        }) {
      assertEquals(Optional.empty(), answer(other, "capital#1"));
      assertEquals(Optional.empty(), answer(other, "capital#2"));
      Candidates candidates = new Candidates();
      cache.nearest(other, FakeEmbedder.vector("capital#1"), 0, 8, candidates);
      assertEquals(0, candidates.count());
    }
    assertEquals(Optional.of("Paris"), answer(ACME, "capital#2"));
  }

  @Test
  void lookup_unrelatedText_saysHowNearItWas() {
    assertEquals(MissReason.NOTHING_SIMILAR, miss("a", LookupOptions.DEFAULTS));
    put("capital#1", "Paris");
    assertEquals(MissReason.NOTHING_SIMILAR, miss("a", LookupOptions.DEFAULTS));
    Lookup near = cache.lookup(ACME, "capital#2", LookupOptions.DEFAULTS.threshold(0.999));
    assertEquals(Optional.of(MissReason.REFUSED), near.missReason());
    assertEquals(Optional.of("below-threshold"), near.refusal());
    assertEquals(FakeEmbedder.cosine("capital#1", "capital#2"), near.bestCosine(), 1e-5);
  }

  @Test
  void lookup_callersThreshold_tightensAndNeverLoosens() {
    put("capital#1", "Paris");
    float cosine = FakeEmbedder.cosine("capital#1", "capital#2");
    assertTrue(cosine < 0.9999);
    LookupOptions options = LookupOptions.DEFAULTS;
    assertFalse(cache.lookup(ACME, "capital#2", options.threshold(1)).isHit());
    assertFalse(cache.lookup(ACME, "capital#2", options.threshold(cosine + 0.001)).isHit());
    assertTrue(cache.lookup(ACME, "capital#2", options.threshold(cosine - 0.001)).isHit());
    assertTrue(cache.lookup(ACME, "capital#1", options.threshold(1)).isHit());
    assertFalse(cache.lookup(ACME, "other", options.threshold(0)).isHit());
  }

  @Test
  void lookup_operatorsThresholdZero_takesWhatIsThere() {
    reopen(builder -> builder.threshold(0));
    put("capital#1", "Paris");
    float cosine = FakeEmbedder.cosine("capital#1", "x1");
    assertEquals(cosine >= 0, cache.lookup(ACME, "x1").isHit());
    assertFalse(cache.lookup(ACME, "x1", LookupOptions.DEFAULTS.threshold(0.9)).isHit());
  }

  @Test
  void threshold_notACosine_isRefused() {
    for (double bad : new double[] {Double.NaN, -0.1, 1.1, Double.POSITIVE_INFINITY}) {
      assertThrows(
          CacheException.InvalidThreshold.class, () -> LookupOptions.DEFAULTS.threshold(bad));
      Candidates candidates = new Candidates();
      assertThrows(
          CacheException.InvalidThreshold.class,
          () -> cache.nearest(ACME, FakeEmbedder.vector("a"), (float) bad, 8, candidates));
    }
  }

  @Test
  void put_overEntriesMax_sparesWhatIsAskedFor() {
    reopen(builder -> builder.entriesMax(64));
    put("asked#1", "popular");
    for (int i = 0; i < 600; i++) {
      put("text " + i, "so");
      assertTrue(cache.lookup(ACME, "asked#1").isHit(), "after " + i);
    }
  }

  @Test
  void put_equalTextWhenFull_evictsNobody() {
    reopen(builder -> builder.entriesMax(64));
    for (int i = 0; i < 64; i++) {
      put("text " + i, "one");
    }
    for (int i = 0; i < 64; i++) {
      put("text " + i, "two");
    }
    assertEquals(0, cache.stats().evicted());
    assertEquals(64, cache.stats().entries());
  }

  @Test
  void vector_wrongDimensionOrWithoutDirection_isRefused() {
    Answer answer = Answer.text("a");
    float[] nan = FakeEmbedder.vector("a");
    nan[5] = Float.NaN;
    float[][] vectors = {new float[31], new float[33], new float[32], nan};
    for (int i = 0; i < vectors.length; i++) {
      float[] vector = vectors[i];
      Class<? extends CacheException> expected =
          i < 2 ? CacheException.WrongDimension.class : CacheException.InvalidVector.class;
      assertThrows(expected, () -> cache.put(ACME, vector, answer, PutOptions.DEFAULTS));
      assertThrows(expected, () -> cache.lookup(ACME, vector, LookupOptions.DEFAULTS));
      put("some", "so");
      assertThrows(expected, () -> cache.nearest(ACME, vector, 0, 8, new Candidates()));
    }
  }

  @Test
  void vector_anyLength_isNormalised() {
    float[] vector = FakeEmbedder.vector("a");
    float[] longer = vector.clone();
    for (int i = 0; i < longer.length; i++) {
      longer[i] *= 1000;
    }
    cache.put(ACME, longer, Answer.text("so"), PutOptions.DEFAULTS);
    Hit hit = cache.lookup(ACME, vector, LookupOptions.DEFAULTS).hit().orElseThrow();
    assertEquals(1, hit.cosine(), 1e-5);
  }

  @Test
  void text_overTheLimit_isRefused() {
    String over = "x".repeat(2_001);
    assertThrows(CacheException.TextTooLong.class, () -> cache.lookup(ACME, over));
    assertThrows(CacheException.TextTooLong.class, () -> put(over, "a"));
    put("x".repeat(2_000), "a");
  }

  @Test
  void answer_overTheLimit_isRefused() {
    assertThrows(CacheException.AnswerTooLarge.class, () -> put("a", "x".repeat(4_097)));
    put("a", "x".repeat(4_096));
    assertEquals(Optional.of("x".repeat(4_096)), answer(ACME, "a"));
  }

  @Test
  void close_thenAnyCall_isRefused() {
    SemanticCache closed = openAt(directory.resolve("other"));
    closed.close();
    closed.close();
    assertThrows(CacheException.Closed.class, () -> closed.lookup(ACME, "a"));
    assertThrows(CacheException.Closed.class, () -> closed.put(ACME, "a", Answer.text("b")));
    assertThrows(
        CacheException.Closed.class, () -> closed.acquire(ACME, "a", LookupOptions.DEFAULTS));
    assertThrows(CacheException.Closed.class, () -> closed.invalidate(new EntryId(1, 1)));
    assertThrows(CacheException.Closed.class, closed::stats);
    assertThrows(CacheException.Closed.class, closed::force);
    assertThrows(
        CacheException.Closed.class,
        () -> closed.nearest(ACME, FakeEmbedder.vector("a"), 0, 8, new Candidates()));
  }

  @Test
  void text_longerThanTheEmbedderReads_livesInTheExactTierAlone() {
    put("long:text#1", "so");
    assertEquals(Optional.of("so"), answer(ACME, "long:text#1"));
    assertEquals(MissReason.TEXT_TRUNCATED, miss("long:text#2", LookupOptions.DEFAULTS));
    assertFalse(
        cache.lookup(ACME, FakeEmbedder.vector("long:text#1"), LookupOptions.DEFAULTS).isHit());
    put("long:text#2", "other");
    assertEquals(Optional.of("so"), answer(ACME, "long:text#1"));
    assertTrue(cache.invalidateScope(ACME) == 2);
    assertEquals(Optional.empty(), answer(ACME, "long:text#1"));
  }

  @Test
  void exactOnly_paraphrase_missesWithoutEmbedding() {
    put("what#1", "so");
    int calls = embedder.calls.get();
    LookupOptions exactOnly = LookupOptions.DEFAULTS.exactOnly(true);
    assertEquals(MissReason.EXACT_ONLY, miss("what#2", exactOnly));
    assertTrue(cache.lookup(ACME, "what#1", exactOnly).isHit());
    assertEquals(calls, embedder.calls.get());
  }

  @Test
  void embedder_failsOrIsLate_isAMissAndStillStoresForRepeats() {
    assertEquals(MissReason.EMBEDDER_FAILED, miss("broken:a", LookupOptions.DEFAULTS));
    assertEquals(MissReason.EMBEDDER_TIMEOUT, miss("slow:a", LookupOptions.DEFAULTS));
    put("broken:a", "one");
    put("slow:a", "two");
    assertEquals(Optional.of("one"), answer(ACME, "broken:a"));
    assertEquals(Optional.of("two"), answer(ACME, "slow:a"));
  }

  @Test
  void embedder_none_servesExactRepeatsAndVectors() {
    put("what#1", "so");
    embedderOfCache = Optional.empty();
    reopen(builder -> builder);
    assertTrue(cache.lookup(ACME, "what#1").isHit());
    assertThrows(CacheException.InvalidOption.class, () -> cache.lookup(ACME, "what#2"));
    assertEquals(MissReason.EXACT_ONLY, miss("what#2", LookupOptions.DEFAULTS.exactOnly(true)));
    assertThrows(CacheException.InvalidOption.class, () -> put("a", "b"));
    assertTrue(cache.lookup(ACME, FakeEmbedder.vector("what#2"), LookupOptions.DEFAULTS).isHit());
  }

  @Test
  void invalidate_byEachName_removesExactlyThose() {
    PutOptions mary = PutOptions.DEFAULTS.provenance("mary").tags("doc-1", "doc-2");
    PutOptions john = PutOptions.DEFAULTS.provenance("john").tags("doc-2");
    Scope other = Scope.tenant("acme").with("model", "other");
    Scope stranger = Scope.tenant("stranger");
    for (Scope scope : new Scope[] {ACME, other, stranger}) {
      cache.put(scope, "a", Answer.text("a"), mary);
      cache.put(scope, "b", Answer.text("b"), john);
      cache.put(scope, "c", Answer.text("c"));
    }
    assertEquals(0, cache.invalidateTag("doc-3"));
    assertEquals(3, cache.invalidateTag("doc-1"));
    assertEquals(Optional.empty(), answer(ACME, "a"));
    assertEquals(0, cache.invalidateProvenance("mary"));
    assertEquals(0, cache.invalidateProvenance("nobody"));
    assertEquals(2, cache.invalidateScope(other));
    assertEquals(Optional.of("b"), answer(ACME, "b"));
    assertEquals(2, cache.invalidateTenant("stranger"));
    assertEquals(1, cache.invalidateProvenance("john"));
    assertEquals(1, cache.stats().entries());
    assertEquals(Optional.of("c"), answer(ACME, "c"));
    assertTrue(cache.invalidate(cache.lookup(ACME, "c").hit().orElseThrow().id()));
    assertEquals(0, cache.stats().entries());
    assertEquals(0, cache.stats().scopes());
    assertEquals(9, cache.stats().invalidated());
  }

  @Test
  void nearest_someEntries_bestFirstWithinFloorAndCount() {
    for (int i = 0; i < 20; i++) {
      put("what#" + i, "so");
    }
    Candidates candidates = new Candidates();
    for (int count = 1; count <= 8; count++) {
      cache.nearest(ACME, FakeEmbedder.vector("what#3"), 0.9f, count, candidates);
      assertEquals(count, candidates.count());
      assertEquals(1, candidates.cosine(0), 1e-5);
      for (int i = 1; i < count; i++) {
        assertTrue(candidates.cosine(i) <= candidates.cosine(i - 1));
      }
    }
    cache.nearest(ACME, FakeEmbedder.vector("another"), 0.9f, 8, candidates);
    assertEquals(0, candidates.count());
    for (int bad : new int[] {0, 9}) {
      assertThrows(
          CacheException.InvalidOption.class,
          () -> cache.nearest(ACME, FakeEmbedder.vector("a"), 0, bad, candidates));
    }
  }

  @Test
  void stats_someCalls_countEachOnce() {
    put("what#1", "so");
    put("other#1", "so");
    cache.lookup(ACME, "what#1");
    cache.lookup(ACME, "what#2");
    cache.lookup(ACME, "what#2");
    cache.lookup(ACME, "nothing");
    cache.lookup(ACME, "what#2", LookupOptions.DEFAULTS.threshold(1));
    cache.lookup(ACME, "what#2", LookupOptions.DEFAULTS.exactOnly(true));
    CacheStats stats = cache.stats();
    assertEquals(2, stats.puts());
    assertEquals(1, stats.exactHits());
    assertEquals(2, stats.semanticHits());
    assertEquals(3, stats.missCount());
    assertEquals(1, stats.misses().get(MissReason.NOTHING_SIMILAR));
    assertEquals(1, stats.misses().get(MissReason.REFUSED));
    assertEquals(1, stats.misses().get(MissReason.EXACT_ONLY));
    assertEquals(1, stats.refusals().get("below-threshold"));
    assertEquals(2, stats.entries());
    assertEquals(1, stats.scopes());
    assertEquals(6, stats.lookup().count());
    assertEquals(2, stats.put().count());
    assertEquals(4, stats.embed().count(), "of lookups");
    assertTrue(stats.bytesOnDisk() > 0);
    assertTrue(stats.reopenNanos() > 0);
  }
}
