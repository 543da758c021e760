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

  /** A unit vector at a cosine to an entry, in any direction. */
  private static float[] near(float[] entry, float cosine, Random random) {
    float[] other = TestSeed.unitVector(random, entry.length);
    float along = 0;
    for (int i = 0; i < entry.length; i++) {
      along += other[i] * entry[i];
    }
    float across = (float) Math.sqrt((1 - cosine * cosine) / (1 - along * along));
    float[] result = new float[entry.length];
    for (int i = 0; i < entry.length; i++) {
      result[i] = cosine * entry[i] + across * (other[i] - along * entry[i]);
    }
    return result;
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
        float cosine = THRESHOLD + 0.001f + 0.099f * random.nextFloat();
        cache.any(SCOPE, near(entry, cosine, random), THRESHOLD, candidates);
        lost += candidates.count() == 0 ? 1 : 0;
      }
      // A thousandth is the budget; six standard deviations and what a full search loses beside.
      assertTrue(lost <= 30, lost + " of " + asked);
    }
  }
}
