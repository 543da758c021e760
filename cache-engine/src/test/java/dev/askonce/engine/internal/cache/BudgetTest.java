package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.TestSeed;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Budgets in entries and in bytes, and who leaves for them. */
class BudgetTest extends OpenCacheFixture {
  private static final long BYTES_MAX = 100_000;

  @BeforeEach
  void openWithBudget() {
    reopen(BYTES_MAX, 1_000);
  }

  private void reopen(long bytesMax, int entriesMax) {
    cache.close();
    house.bytesMax = bytesMax;
    house.entriesMax = entriesMax;
    cache = house.open();
  }

  private void put(String text, int answerBytes, long savedNanos, Duration ttl) {
    cache
        .put(
            ACME,
            text,
            Answer.text("a".repeat(answerBytes)),
            PutOptions.DEFAULTS.savedNanoDollars(savedNanos).ttl(ttl))
        .orElseThrow();
    assertTrue(cache.lookup(ACME, text).isHit(), "the newest answers");
  }

  private void put(String text, int answerBytes) {
    put(text, answerBytes, 0, CacheHouse.HOUR);
  }

  private CacheStats requireWithin(long bytesMax) {
    CacheStats stats = cache.stats();
    assertTrue(stats.bytesHeld() <= bytesMax, stats.bytesHeld() + " bytes");
    return stats;
  }

  @Test
  void bytes_randomPutsReplacementsExpiryAndReopening_stayInBudget() {
    Random random = TestSeed.random("BudgetTest", 31);
    for (int i = 0; i < 3_000; i++) {
      String text = "text " + random.nextInt(400);
      put(text, 1 + random.nextInt(4_000), 0, Duration.ofSeconds(1 + random.nextInt(500)));
      requireWithin(BYTES_MAX);
      switch (random.nextInt(60)) {
        case 0 -> house.clock.advance(Duration.ofSeconds(random.nextInt(200)));
        case 1 -> cache.settle();
        case 2 -> cache.check();
        case 3 -> reopen(BYTES_MAX, 1_000);
        default -> {}
      }
    }
    assertTrue(requireWithin(BYTES_MAX).bytesHeld() > BYTES_MAX / 2, "the budget is used");
  }

  @Test
  void bytes_areThoseOfFramesRecordAndVector() {
    assertEquals(0, cache.stats().bytesHeld());
    put("text", 1_000);
    long one = cache.stats().bytesHeld();
    assertTrue(one > 1_000 + 120 + FakeEmbedder.DIMENSION * Float.BYTES, one + " bytes");
    put("text", 2_000);
    assertEquals(one + 1_000, cache.stats().bytesHeld(), "replaced");
    reopen(BYTES_MAX, 1_000);
    assertEquals(one + 1_000, cache.stats().bytesHeld(), "reopened");
    cache.invalidateScope(ACME);
    assertEquals(0, cache.stats().bytesHeld(), "invalidated");
  }

  @Test
  void evictions_areCountedByCause() {
    for (int i = 0; i < 100; i++) {
      put("text " + i, 2_000);
    }
    CacheStats stats = cache.stats();
    assertEquals(100 - stats.entries(), stats.evictedForBytes());
    assertEquals(0, stats.evictedForEntries());
    reopen(Long.MAX_VALUE, 64);
    for (int i = 0; i < 100; i++) {
      put("more " + i, 2_000);
    }
    assertEquals(0, cache.stats().evictedForBytes());
    assertTrue(cache.stats().evictedForEntries() > 0);
    assertEquals(cache.stats().evictedForEntries(), cache.stats().evicted());
  }

  /** The builder refuses such a budget, but a card with many tags may be more than it reckons. */
  @Test
  void put_largerThanTheBudget_isDroppedAndEvictsNobody() {
    reopen(3_000, 1_000);
    put("text", 1_000);
    assertTrue(cache.put(ACME, "large", Answer.text("a".repeat(4_000))).isEmpty());
    assertEquals(1, cache.stats().putsDropped());
    assertEquals(0, cache.stats().evicted());
    assertTrue(cache.lookup(ACME, "text").isHit());
    cache.settle();
    assertEquals(1, house.answers.size());
  }

  @Test
  void reopening_withLess_makesRoomAtOnce() {
    for (int i = 0; i < 40; i++) {
      put("text " + i, 2_000);
    }
    reopen(BYTES_MAX / 4, 1_000);
    assertTrue(requireWithin(BYTES_MAX / 4).entries() > 0);
  }

  @Test
  void full_expiredEntriesLeaveBeforeLiveOnes() {
    put("over 1", 2_000, 0, Duration.ofSeconds(1));
    for (int i = 0; requireWithin(BYTES_MAX).evicted() == 0; i++) {
      put("text " + i, 2_000);
    }
    reopen(BYTES_MAX, 1_000);
    cache.invalidateScope(ACME);
    for (int i = 0; i < 20; i++) {
      put("over " + i, 2_000, 0, Duration.ofSeconds(1));
    }
    for (int i = 0; i < 20; i++) {
      put("lasts " + i, 2_000);
    }
    house.clock.advance(Duration.ofSeconds(10));
    for (int i = 0; i < 20; i++) {
      put("new " + i, 2_000);
      assertTrue(cache.lookup(ACME, "lasts " + i).isHit());
    }
    assertEquals(0, cache.stats().evicted());
  }

  @Test
  void full_whatSavesMoreStays() {
    for (int i = 0; i < 20; i++) {
      put("dear " + i, 1_000, 1_000_000, CacheHouse.HOUR);
    }
    for (int i = 0; i < 400; i++) {
      put("cheap " + i, 1_000, 1_000, CacheHouse.HOUR);
    }
    for (int i = 0; i < 20; i++) {
      assertTrue(cache.lookup(ACME, "dear " + i).isHit(), "dear " + i);
    }
  }

  @Test
  void bytes_severalWriters_stayInBudget() throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread[] writers = new Thread[4];
    for (int w = 0; w < writers.length; w++) {
      int writer = w;
      writers[w] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 500; i++) {
                        String text = "text " + (i % 7 == 0 ? i : writer * 1_000 + i);
                        cache.put(ACME, text, Answer.text("a".repeat(1_000 + i)));
                        requireWithin(BYTES_MAX);
                      }
                    } catch (RuntimeException | Error e) {
                      failure.compareAndSet(null, e);
                    }
                  });
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertEquals(null, failure.get());
    assertEquals(0, cache.stats().putsDropped());
  }

  @Test
  void bytesMax_lessThanOneEntry_isRefused() {
    assertThrows(
        CacheException.InvalidOption.class,
        () -> SemanticCache.at(directory.resolve("a")).bytesMax(0));
    CacheException.InvalidOption refused =
        assertThrows(
            CacheException.InvalidOption.class,
            () ->
                SemanticCache.at(directory.resolve("a"))
                    .vectors(8, "none")
                    .answerBytesMax(1_000)
                    .textCharsMax(1_000)
                    .bytesMax(7_000)
                    .open());
    assertTrue(refused.getMessage().contains("7200 bytes that one entry"), refused.getMessage());
    assertFalse(directory.resolve("a").toFile().exists());
  }
}
