package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link ScopeIndex} under threads, turnover and crowds. */
class ScopeIndexStressTest {
  private static final int DIMENSION = 32;

  @TempDir Path directory;

  private static int lost(IndexFixture fixture, Collection<float[]> vectors, float floor) {
    int lost = 0;
    for (float[] vector : vectors) {
      lost += fixture.search(vector, floor, 1).isEmpty() ? 1 : 0;
    }
    return lost;
  }

  private interface Work {
    void run() throws Exception;
  }

  private static Thread start(AtomicReference<Throwable> failure, Work work) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                failure.compareAndSet(null, e);
              }
            });
  }

  @Test
  void linkOne_fourThreadsBesideRemovalsAndSearches_keepsStructureAndRecall() throws Exception {
    Random random = TestSeed.random("ScopeIndexStressTest links", 91);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> threads = new ArrayList<>();
      for (int place = 1; place <= 4; place++) {
        int own = place;
        threads.add(
            start(
                failure,
                () -> {
                  SearchScratch scratch = new SearchScratch(fixture.space);
                  while (!stop.get()) {
                    if (!fixture.linkOne(own, scratch)) {
                      Thread.yield();
                    }
                  }
                }));
      }
      AtomicInteger wrong = new AtomicInteger();
      threads.add(
          start(
              failure,
              () -> {
                Random queries = new Random(5);
                SearchScratch scratch = new SearchScratch(fixture.space);
                while (!stop.get()) {
                  float[] query = TestSeed.unitVector(queries, DIMENSION);
                  fixture.finds(-1, query, 5, scratch);
                  fixture.epochs.enter(5);
                  for (int slot : fixture.search(query, 0.3f, 8, scratch)) {
                    // What was found may be gone by now, but its vector is readable still.
                    wrong.addAndGet(fixture.cosine(query, slot) < 0.299f ? 1 : 0);
                  }
                  fixture.epochs.exit(5);
                }
              }));
      try {
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < 8_000 && failure.get() == null; i++) {
          // Some of them near duplicates, so that there are joins.
          float[] vector =
              i % 5 == 0 && !slots.isEmpty()
                  ? TestSeed.near(random, fixture.oracle.get(slots.getLast()), 0.9999)
                  : TestSeed.unitVector(random, DIMENSION);
          slots.add(fixture.put(vector));
          if (slots.size() > 3_500) {
            // Old ones and new ones: these are being linked.
            int at = i % 2 == 0 ? random.nextInt(slots.size()) : slots.size() - 1 - i % 7;
            fixture.remove(slots.remove(at));
          }
          if (i % 100 == 0) {
            fixture.maintainOnce();
          }
        }
      } finally {
        stop.set(true);
        for (Thread thread : threads) {
          thread.join();
        }
      }
      assertNull(failure.get());
      assertEquals(0, wrong.get());
      fixture.settle();
      fixture.index.check();
      assertEquals(0, fixture.index.unlinked());
      assertEquals(0, fixture.index.unreachable());
      int lost = lost(fixture, fixture.oracle.values(), 0.999f);
      System.out.printf("%d of %d lost%n", lost, fixture.oracle.size());
      assertTrue(lost <= fixture.oracle.size() / 200, lost + " lost");
    }
  }

  @Test
  void maintain_scopeGrowsAndShrinks_readersFindWhatStays() throws Exception {
    Random random = TestSeed.random("ScopeIndexStressTest demotion", 92);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      fixture.space.stopEarly(false);
      List<float[]> staying = new ArrayList<>();
      List<Integer> stayingSlots = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        staying.add(TestSeed.unitVector(random, DIMENSION));
        stayingSlots.add(fixture.put(staying.getLast()));
      }
      AtomicBoolean stop = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      AtomicInteger missed = new AtomicInteger();
      AtomicInteger searches = new AtomicInteger();
      Thread reader =
          start(
              failure,
              () -> {
                SearchScratch own = new SearchScratch(fixture.space);
                for (int i = 0; !stop.get(); i = (i + 1) % staying.size()) {
                  boolean found = fixture.finds(stayingSlots.get(i), staying.get(i), 1, own);
                  missed.addAndGet(found ? 0 : 1);
                  searches.incrementAndGet();
                }
              });
      try {
        for (int round = 0; round < 4; round++) {
          List<Integer> others = new ArrayList<>();
          while (fixture.index.size() < ScopeIndex.PROMOTE_AT + 100) {
            others.add(fixture.put(TestSeed.unitVector(random, DIMENSION)));
          }
          fixture.settle();
          assertEquals(0, fixture.index.unlinked());
          for (int slot : others.subList(0, others.size() - 100)) {
            fixture.remove(slot);
          }
          fixture.settle();
          fixture.index.check();
          assertEquals(fixture.index.size(), fixture.index.unlinked(), "a list again");
          others.subList(others.size() - 100, others.size()).forEach(fixture::remove);
        }
      } finally {
        stop.set(true);
        reader.join();
      }
      assertNull(failure.get());
      System.out.printf("%d of %d searches missed%n", missed.get(), searches.get());
      assertEquals(0, missed.get(), "of " + searches.get());
    }
  }

  @Test
  void search_crowdAmongOthers_losesNeither() throws IOException {
    int dimension = 128;
    Random random = TestSeed.random("ScopeIndexStressTest crowd", 93);
    try (IndexFixture fixture = new IndexFixture(directory, dimension)) {
      float[] centre = TestSeed.unitVector(random, dimension);
      float[][] topics = new float[200][];
      Arrays.setAll(topics, i -> TestSeed.unitVector(random, dimension));
      List<float[]> crowd = new ArrayList<>();
      List<float[]> others = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        boolean crowded = i % 5 == 0;
        float[] vector =
            crowded
                ? TestSeed.near(random, centre, 0.985 + 0.0145 * random.nextDouble())
                : TestSeed.near(
                    random,
                    topics[random.nextInt(topics.length)],
                    0.6 + 0.35 * random.nextDouble());
        (crowded ? crowd : others).add(vector);
        fixture.put(vector);
      }
      fixture.settle();
      fixture.index.check();
      assertEquals(0, fixture.index.unreachable());
      List<List<float[]>> groups = List.of(crowd, others);
      for (boolean early : new boolean[] {false, true}) {
        fixture.space.stopEarly(early);
        if (early) {
          fixture.space.calibration.beam(256);
          calibrate(fixture, groups, random);
        }
        int[] lost = new int[2];
        int queries = early ? 4_000 : 2_000;
        // By seed 1 to 12 of 4,000: topics at right angles to each other are hard to walk between.
        int lostMax = queries / 150;
        for (int i = 0; i < 2 * queries; i++) {
          List<float[]> group = groups.get(i % 2);
          float[] entry = group.get(random.nextInt(group.size()));
          float[] query = TestSeed.near(random, entry, 0.91 + 0.08 * random.nextDouble());
          lost[i % 2] += fixture.findsAny(query, 0.9f) ? 0 : 1;
        }
        System.out.printf("crowd %d, others %d of %d lost%n", lost[0], lost[1], queries);
        assertTrue(lost[0] <= lostMax, lost[0] + " of " + queries + " lost by the crowd");
        assertTrue(lost[1] <= lostMax, lost[1] + " of " + queries + " lost by the others");
      }
    }
  }

  private static void calibrate(IndexFixture fixture, List<List<float[]>> groups, Random random) {
    for (int i = 0; i <= StopCalibration.SEARCHES_MIN; i++) {
      List<float[]> group = groups.get(i % 2);
      float[] entry = group.get(random.nextInt(group.size()));
      fixture.findsAny(TestSeed.near(random, entry, 0.9 + 0.1 * random.nextDouble()), 0.9f);
    }
    for (int i = 0; !fixture.space.calibration.isCalibrated(true, 0.9f) && i < 2_000; i++) {
      fixture.findsAny(groups.get(1).get(i), 0.9f);
    }
    assertTrue(fixture.space.calibration.isCalibrated(true, 0.9f));
  }

  @Test
  void maintain_manyTurnovers_keepsAllReachableAndFound() throws IOException {
    Random random = TestSeed.random("ScopeIndexStressTest churn", 94);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      int live = 3_000;
      List<Integer> slots = new ArrayList<>();
      for (int i = 0; i < 16 * live; i++) {
        if (slots.size() == live) {
          // Half by age, half at random.
          fixture.remove(slots.remove(i % 2 == 0 ? 0 : random.nextInt(live)));
        }
        slots.add(fixture.put(TestSeed.unitVector(random, DIMENSION)));
        if (i % 32 == 0) {
          fixture.maintainOnce();
        }
        if (i % (5 * live) == 5 * live - 1) {
          int lost = lost(fixture, fixture.oracle.values(), 0.999f);
          assertTrue(lost <= live / 200, lost + " lost in turnover " + i / live);
          assertEquals(0, fixture.index.unreachable(), "turnover " + i / live);
        }
      }
      fixture.settle();
      fixture.index.check();
      assertEquals(0, fixture.index.unreachable());
      int lost = lost(fixture, fixture.oracle.values(), 0.999f);
      System.out.printf("%d of %d lost%n", lost, live);
      assertTrue(lost <= live / 200, lost + " lost");
    }
  }
}
