package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.askonce.engine.Answer;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.index.ScopeIndex;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search of the index allocates nothing, whatever it finds. */
class AllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int CALLS = 2_000;
  private static final int ROUNDS = 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path directory;

  /** The least of some rounds: compilation and the measurement itself may allocate in one. */
  private static long leastAllocated(Runnable calls) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      calls.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private static long nothing() {
    return leastAllocated(() -> {});
  }

  @Test
  void nearest_listAndGraphHitAndMiss_allocatesNothing() {
    Random random = TestSeed.random("AllocationTest", 81);
    CacheHouse house = new CacheHouse(directory);
    house.entriesMax = 8_192;
    Scope small = Scope.tenant("small").with("prompt", "x".repeat(500));
    Scope large = Scope.tenant("large");
    try (LocalSemanticCache cache = house.open()) {
      for (int i = 0; i < 2 * ScopeIndex.PROMOTE_AT; i++) {
        float[] vector = FakeEmbedder.vector("text" + i);
        cache.put(large, vector, Answer.text("so"), PutOptions.DEFAULTS);
        if (i < 500) {
          cache.put(small, vector, Answer.text("so"), PutOptions.DEFAULTS);
        }
      }
      cache.settle();
      Candidates candidates = new Candidates();
      float[] hit = FakeEmbedder.vector("text7");
      float[] miss = TestSeed.unitVector(random, FakeEmbedder.DIMENSION);
      for (Scope scope : new Scope[] {small, large, Scope.tenant("none")}) {
        for (float[] query : new float[][] {hit, miss}) {
          Runnable calls = () -> search(cache, scope, query, candidates, CALLS);
          search(cache, scope, query, candidates, WARM_UP / 4);
          long allocated = leastAllocated(calls);
          assertEquals(nothing(), allocated, scope + " for " + CALLS + " calls");
        }
      }
      search(cache, large, hit, candidates, 1);
      assertTrue(candidates.count() > 0);
      cache.check();
    }
  }

  private static void search(
      LocalSemanticCache cache, Scope scope, float[] query, Candidates candidates, int calls) {
    for (int i = 0; i < calls; i++) {
      cache.nearest(scope, query, 0.9f, 8, candidates);
    }
  }
}
