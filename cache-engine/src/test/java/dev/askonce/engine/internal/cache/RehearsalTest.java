package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.index.ScopeIndex;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  private static final Scope SCOPE = Scope.tenant("t");
  private static final int ENTRIES = 2 * ScopeIndex.PROMOTE_AT;
  private static final float THRESHOLD = 0.9f;

  @TempDir Path directory;

  private LocalSemanticCache filled() {
    CacheHouse house = new CacheHouse(directory);
    house.entriesMax = 8_192;
    LocalSemanticCache cache = house.open();
    for (int i = 0; i < ENTRIES; i++) {
      cache.put(SCOPE, FakeEmbedder.vector("text" + i), Answer.text("so"), PutOptions.DEFAULTS);
    }
    cache.settle();
    return cache;
  }

  @Test
  void any_askedOnce_isCalibratedWithoutHitsAndLosesHardlyAny() {
    Random random = TestSeed.random("RehearsalTest", 91);
    Candidates candidates = new Candidates();
    try (LocalSemanticCache cache = filled()) {
      cache.any(SCOPE, TestSeed.unitVector(random, FakeEmbedder.DIMENSION), THRESHOLD, candidates);
      cache.settle();
      assertTrue(cache.isCalibrated(true, THRESHOLD), "no rule by rehearsals");
      assertFalse(cache.isCalibrated(false, THRESHOLD), "nobody asked for the best");
      assertEquals(0, cache.stats().fullSearchFinds(), "rehearsals are no lookups");
      int lost = 0;
      int asked = 10_000;
      for (int i = 0; i < asked; i++) {
        float[] entry = FakeEmbedder.vector("text" + random.nextInt(ENTRIES));
        double cosine = THRESHOLD + 0.001 + 0.099 * random.nextDouble();
        cache.any(SCOPE, TestSeed.near(random, entry, cosine), THRESHOLD, candidates);
        lost += candidates.count() == 0 ? 1 : 0;
      }
      // A thousandth is the budget; six standard deviations and what a full search loses beside.
      assertTrue(lost <= 30, lost + " of " + asked);
    }
  }

  @Test
  void any_earlyStopsAreOff_learnsNothing() {
    Random random = TestSeed.random("RehearsalTest off", 92);
    try (LocalSemanticCache cache = filled()) {
      float[] query = TestSeed.unitVector(random, FakeEmbedder.DIMENSION);
      cache.stopEarly(false);
      cache.searchBeam(8);
      cache.any(SCOPE, query, THRESHOLD, new Candidates());
      cache.settle();
      cache.stopEarly(true);
      assertFalse(cache.isCalibrated(true, THRESHOLD), "learned from searches of beam 8");
    }
  }
}
