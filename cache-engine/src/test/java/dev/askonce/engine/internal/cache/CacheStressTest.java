package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.index.ScopeIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads that read, write and remove at once. Every answer names its scope and meaning, so that a
 * wrong hit shows; the structure is checked after.
 */
class CacheStressTest {
  private static final long RUN_NANOS = Duration.ofMillis(2_500).toNanos();
  private static final int THREADS = 4;

  @TempDir Path directory;

  private interface Worker {
    void work(Random random) throws Exception;
  }

  private static void runThreads(String name, long usualSeed, Worker worker) throws Exception {
    long seed = TestSeed.next(name, usualSeed);
    long end = System.nanoTime() + RUN_NANOS;
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Void>> results = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(seed + t);
        results.add(
            threads.submit(
                () -> {
                  while (System.nanoTime() - end < 0) {
                    worker.work(random);
                  }
                  return null;
                }));
      }
      for (Future<Void> result : results) {
        result.get();
      }
    }
  }

  private static Scope scope(int number) {
    return Scope.tenant("tenant" + number % 3).with("field", "" + number);
  }

  private static Answer answer(int scope, String text) {
    return Answer.text(scope + "|" + text.substring(0, text.indexOf('#')));
  }

  private static void requireRight(Lookup lookup, int scope, String text) {
    lookup.answer().ifPresent(found -> assertEquals(answer(scope, text), found));
  }

  @Test
  void mixed_manyScopes_everyHitIsRight() throws Exception {
    CacheHouse house = new CacheHouse(directory);
    house.plainAnswers = false;
    house.entriesMax = 400;
    try (LocalSemanticCache cache = house.open()) {
      runThreads(
          "CacheStressTest mixed",
          71,
          random -> {
            int scope = random.nextInt(6);
            String text = "meaning" + random.nextInt(120) + "#" + random.nextInt(3);
            switch (random.nextInt(20)) {
              case 0, 1, 2, 3, 4, 5 ->
                  cache.put(
                      scope(scope),
                      text,
                      answer(scope, text),
                      PutOptions.DEFAULTS
                          .tags("tag" + random.nextInt(200))
                          .ttl(Duration.ofSeconds(1 + random.nextInt(600))));
              case 6 -> cache.invalidateTag("tag" + random.nextInt(200));
              case 7 -> {
                switch (random.nextInt(400)) {
                  case 0 -> cache.invalidateTenant("tenant" + random.nextInt(3));
                  case 1, 2, 3 -> cache.invalidateScope(scope(scope));
                  default -> cache.invalidateProvenance("nobody");
                }
              }
              case 8 -> house.clock.advance(Duration.ofMillis(random.nextInt(200)));
              case 9 ->
                  cache
                      .lookup(scope(scope), text)
                      .hit()
                      .ifPresent(hit -> cache.invalidate(hit.id()));
              case 10 -> cache.stats();
              case 11 ->
                  assertEquals(
                      answer(scope, text),
                      cache.getOrLoad(scope(scope), text, () -> answer(scope, text)));
              default -> requireRight(cache.lookup(scope(scope), text), scope, text);
            }
          });
      cache.settle();
      cache.check();
      assertTrue(cache.stats().exactHits() > 0 && cache.stats().semanticHits() > 0);
      assertEquals(0, cache.stats().quarantined());
      assertEquals(0, cache.stats().putsDropped());
      assertTrue(cache.stats().entries() <= house.entriesMax);
    }
    try (LocalSemanticCache cache = house.open()) {
      cache.check();
    }
  }

  /** A scope with a graph: entries are linked and dead ones swept while it is searched. */
  @Test
  void mixed_largeScopes_everyHitIsRightAndWhatStaysIsFound() throws Exception {
    CacheHouse house = new CacheHouse(directory);
    house.entriesMax = 8_000;
    int meanings = 2 * ScopeIndex.PROMOTE_AT;
    int staying = 200;
    try (LocalSemanticCache cache = house.open()) {
      // Early stops may lose a hit in a thousand; here none may be lost.
      cache.stopEarly(false);
      for (int i = 0; i < meanings; i++) {
        for (int scope = 0; scope < 2; scope++) {
          String text = "meaning" + i + "#0";
          PutOptions options = PutOptions.DEFAULTS.tags(i < staying ? "stays" : "goes" + i % 7);
          if (scope == 0 || i % 2 == 0) {
            cache.put(scope(scope), text, answer(scope, text), options);
          }
        }
      }
      runThreads(
          "CacheStressTest large",
          72,
          random -> {
            int scope = random.nextInt(2);
            String going = "meaning" + (staying + random.nextInt(meanings)) + "#0";
            String stays = "meaning" + 2 * random.nextInt(staying / 2) + "#0";
            switch (random.nextInt(400)) {
              case 0 -> cache.invalidateTag("goes" + random.nextInt(7));
              default -> {
                if (random.nextInt(3) == 0) {
                  cache.put(
                      scope(scope),
                      going,
                      answer(scope, going),
                      PutOptions.DEFAULTS.tags("goes" + random.nextInt(7)));
                } else {
                  float[] vector = FakeEmbedder.vector(going);
                  requireRight(
                      cache.lookup(scope(scope), vector, LookupOptions.DEFAULTS), scope, going);
                }
              }
            }
            Lookup lookup =
                cache.lookup(scope(scope), FakeEmbedder.vector(stays), LookupOptions.DEFAULTS);
            requireRight(lookup, scope, stays);
            assertTrue(lookup.isHit(), stays + " of scope " + scope + ": " + lookup);
          });
      cache.settle();
      cache.check();
      Candidates candidates = new Candidates();
      for (int i = 0; i < staying; i += 2) {
        cache.nearest(scope(1), FakeEmbedder.vector("meaning" + i + "#0"), 0.99f, 8, candidates);
        assertTrue(candidates.count() > 0, "meaning " + i);
      }
    }
  }

  @Test
  void close_callsUnderWay_endThemOrRefuseThem() throws Exception {
    for (int round = 0; round < 10; round++) {
      CacheHouse house = new CacheHouse(directory.resolve("round-" + round));
      house.plainAnswers = false;
      LocalSemanticCache cache = house.open();
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        List<Future<Integer>> results = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
          int thread = t;
          results.add(
              threads.submit(
                  () -> {
                    int done = 0;
                    try {
                      for (; ; done++) {
                        String text = "meaning" + thread + "-" + done + "#0";
                        cache.put(scope(0), text, answer(0, text));
                        requireRight(cache.lookup(scope(0), text), 0, text);
                      }
                    } catch (CacheException.Closed e) {
                      return done;
                    }
                  }));
        }
        while (cache.stats().puts() < 50) {
          Thread.onSpinWait();
        }
        cache.close();
        int done = 0;
        for (Future<Integer> result : results) {
          done += result.get();
        }
        try (LocalSemanticCache again = house.open()) {
          again.check();
          long recovered = again.stats().entriesRecovered();
          assertTrue(recovered >= Math.min(done, house.entriesMax - THREADS), recovered + "");
        }
      }
    }
  }
}
