package dev.askonce.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SemanticCacheTest {
  private static final int DIMENSION = 24;
  private static final Scope ACME = Scope.tenant("acme").with("model", "m");

  @TempDir Path directory;

  private SemanticCache open() {
    return SemanticCache.at(directory).vectors(DIMENSION, "test").entriesMax(1000).open();
  }

  private static float[] vector(int seed) {
    Random random = new Random(seed);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  @Test
  void lookup_sameVector_hitsUntilInvalidatedAndAfterReopening() {
    EntryId id;
    try (SemanticCache cache = open()) {
      id = cache.put(ACME, vector(1), Answer.text("one"), PutOptions.DEFAULTS).orElseThrow();
      cache.put(ACME, vector(2), Answer.text("two"), PutOptions.DEFAULTS).orElseThrow();
      Lookup lookup = cache.lookup(ACME, vector(1), LookupOptions.DEFAULTS);
      assertEquals("one", lookup.answer().orElseThrow().text());
      assertEquals(id, lookup.hit().orElseThrow().id());
      assertFalse(cache.lookup(Scope.tenant("other"), vector(1), LookupOptions.DEFAULTS).isHit());
    }
    try (SemanticCache cache = open()) {
      assertEquals(2, cache.stats().entriesRecovered());
      assertEquals(
          "two",
          cache.lookup(ACME, vector(2), LookupOptions.DEFAULTS).answer().orElseThrow().text());
      assertTrue(cache.invalidate(id));
      assertFalse(cache.lookup(ACME, vector(1), LookupOptions.DEFAULTS).isHit());
    }
  }

  @Test
  void open_secondTime_isRefused() {
    try (SemanticCache cache = open()) {
      assertThrows(CacheException.Locked.class, this::open);
      assertEquals(0, cache.stats().entries());
    }
  }
}
