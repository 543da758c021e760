package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flat part of a {@link ScopeIndex}: scopes too small for a graph. */
class FlatIndexTest {
  private static final int DIMENSION = 16;

  @TempDir Path directory;

  @Test
  void search_randomAddsAndRemovals_matchesOracle() throws IOException {
    Random random = TestSeed.random("FlatIndexTest", 21);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      for (int step = 0; step < 3_000; step++) {
        if (fixture.oracle.isEmpty() || random.nextInt(5) < (step / 500 % 2 == 0 ? 3 : 2)) {
          fixture.put(TestSeed.unitVector(random, DIMENSION));
        } else {
          List<Integer> slots = new ArrayList<>(fixture.oracle.keySet());
          fixture.remove(slots.get(random.nextInt(slots.size())));
        }
        assertEquals(fixture.oracle.size(), fixture.index.size());
        if (step % 10 == 0) {
          compare(fixture, TestSeed.unitVector(random, DIMENSION), random);
        }
      }
      fixture.index.check();
    }
  }

  private static void compare(IndexFixture fixture, float[] query, Random random) {
    int count = 1 + random.nextInt(8);
    float floor = random.nextFloat();
    List<Float> expected =
        fixture.oracle.keySet().stream()
            .map(slot -> fixture.cosine(query, slot))
            .filter(cosine -> cosine >= floor)
            .sorted((a, b) -> Float.compare(b, a))
            .limit(count)
            .toList();
    List<Integer> found = fixture.search(query, floor, count);
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < found.size(); i++) {
      assertEquals(expected.get(i), fixture.cosine(query, found.get(i)), 1e-6f);
    }
    assertEquals(found.size(), found.stream().distinct().count(), "each slot once");
  }

  @Test
  void search_expiredAndOtherScopes_areLeftOut() throws IOException {
    Random random = new Random(1);
    float[] query = TestSeed.unitVector(random, DIMENSION);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      for (int i = 0; i < 20; i++) {
        fixture.put(query, IndexFixture.NOW);
      }
      assertTrue(fixture.search(query, 0, 8).isEmpty(), "over at the millisecond it says");
      int live = fixture.put(TestSeed.near(random, query, 0.96), IndexFixture.NOW + 1);
      assertEquals(List.of(live), fixture.search(query, 0, 8));
      assertEquals(List.of(live), fixture.search(query, 0.95f, 1));
      assertTrue(fixture.search(query, 0.97f, 8).isEmpty());
    }
  }

  @Test
  void remove_unknownSlot_changesNothing() throws IOException {
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      FlatIndex flat = new FlatIndex(fixture.space);
      assertFalse(flat.remove(3));
      flat.add(3);
      flat.add(5);
      assertFalse(flat.remove(4));
      assertTrue(flat.remove(3));
      assertFalse(flat.remove(3));
      assertTrue(flat.contains(5));
      assertEquals(1, flat.size());
    }
  }

  /** An entry that is there from before a search until after it is found, whatever else goes. */
  @Test
  void search_whileOthersComeAndGo_alwaysFindsWhatStays() throws Exception {
    Random random = TestSeed.random("FlatIndexTest threads", 22);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      List<float[]> staying = new ArrayList<>();
      List<Integer> stayingSlots = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        float[] vector = TestSeed.unitVector(random, DIMENSION);
        int slot = fixture.put(vector);
        if (i % 10 == 0) {
          staying.add(vector);
          stayingSlots.add(slot);
        }
      }
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger missed = new AtomicInteger();
      AtomicInteger searches = new AtomicInteger();
      Thread reader =
          Thread.ofPlatform()
              .start(
                  () -> {
                    SearchScratch own = new SearchScratch(fixture.space);
                    for (int i = 0; !stop.get(); i = (i + 1) % staying.size()) {
                      List<Integer> found = fixture.search(staying.get(i), 0.999f, 8, own);
                      missed.addAndGet(found.contains(stayingSlots.get(i)) ? 0 : 1);
                      searches.incrementAndGet();
                    }
                  });
      try {
        // The writer goes on until the reader has had many chances.
        for (int round = 0; round < 20 || searches.get() < 20_000; round++) {
          List<Integer> others = new ArrayList<>(fixture.oracle.keySet());
          others.removeAll(stayingSlots);
          for (int i = 0; i < 200; i++) {
            fixture.remove(others.remove(random.nextInt(others.size())));
            others.add(fixture.put(TestSeed.unitVector(random, DIMENSION)));
          }
          for (int i = 0; i < 100; i++) {
            fixture.remove(others.remove(others.size() - 1));
          }
          for (int i = 0; i < 100; i++) {
            fixture.put(TestSeed.unitVector(random, DIMENSION));
          }
        }
      } finally {
        stop.set(true);
        reader.join();
      }
      assertEquals(0, missed.get(), "of " + searches.get());
      fixture.index.check();
    }
  }
}
