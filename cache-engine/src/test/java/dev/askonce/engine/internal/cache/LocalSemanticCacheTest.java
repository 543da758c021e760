package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.PutOptions;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a cache without replication does beside what {@code SemanticCacheContract} says. */
class LocalSemanticCacheTest extends OpenCacheFixture {
  @Test
  void put_equalText_replacesAndSimilarStays() {
    EntryId first = put("what#1", "one");
    put("what#2", "two");
    EntryId second = put(" what#1", "three");
    assertNotEquals(first, second);
    assertEquals(Optional.of("three"), answer(ACME, "what#1"));
    assertEquals(Optional.of("two"), answer(ACME, "what#2"));
    assertEquals(2, cache.stats().entries());
    assertFalse(cache.invalidate(first));
    cache.settle();
    assertEquals(2, house.answers.size());
  }

  @Test
  void put_overEntriesMax_evictsAndStays() {
    cache.close();
    house.entriesMax = 64;
    cache = house.open();
    for (int i = 0; i < 500; i++) {
      put("text " + i, "answer " + i);
      assertEquals(Optional.of("answer " + i), answer(ACME, "text " + i));
      assertTrue(cache.stats().entries() <= 64);
      if (i % 50 == 0) {
        cache.check();
      }
    }
    CacheStats stats = cache.stats();
    assertEquals(64, stats.entries());
    assertEquals(500 - 64, stats.evicted());
    assertEquals(0, stats.putsDropped());
    cache.settle();
    assertEquals(64, house.answers.size());
  }

  @Test
  void embedder_wrongNumberOfComponents_isAMiss() {
    put("what#1", "so");
    for (int length : new int[] {0, 1, 31, 33, 64}) {
      house.embedder.vectorLength = length;
      assertEquals(MissReason.EMBEDDER_FAILED, miss("what#2", LookupOptions.DEFAULTS));
      put("text of " + length, "kept");
      assertEquals(Optional.of("kept"), answer(ACME, "text of " + length));
      cache.check();
    }
  }

  @Test
  void put_sameVectorTwice_keepsBoth() {
    float[] vector = FakeEmbedder.vector("a");
    cache.put(ACME, vector, Answer.text("one"), PutOptions.DEFAULTS);
    cache.put(ACME, vector, Answer.text("two"), PutOptions.DEFAULTS);
    assertEquals(2, cache.stats().entries());
  }
}
