package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.kernel.QueryPlanes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that are scanned by their codes. */
class CodedFlatIndexTest {
  private static final int DIMENSION = FlatIndex.CODED_DIMENSION_MIN;

  @TempDir Path directory;

  /** An estimate falls short by four standard errors once in 30,000 times. */
  @ParameterizedTest
  @Tag("scalar")
  @ValueSource(ints = {128, 131, 384})
  void search_randomAddsAndRemovals_matchesOracle(int dimension) throws IOException {
    Random random = TestSeed.random("CodedFlatIndexTest " + dimension, dimension);
    float[] centre = TestSeed.unitVector(random, dimension);
    int expected = 0;
    int missed = 0;
    try (IndexFixture fixture = new IndexFixture(directory, dimension)) {
      List<Integer> slots = new ArrayList<>();
      for (int step = 0; step < 3_000; step++) {
        // Up and down, through the size from which lists have codes, four times.
        boolean grows = random.nextInt(5) < (step / 300 % 2 == 0 ? 4 : 1);
        if (slots.isEmpty() || grows) {
          slots.add(fixture.put(TestSeed.near(random, centre, 0.6 + 0.4 * random.nextDouble())));
        } else {
          Collections.swap(slots, random.nextInt(slots.size()), slots.size() - 1);
          fixture.remove(slots.removeLast());
        }
        if (step % 3 == 0) {
          float[] query = TestSeed.near(random, centre, 0.6 + 0.4 * random.nextDouble());
          int count = 1 + random.nextInt(8);
          float floor = random.nextFloat();
          List<Integer> best = best(fixture, query, floor, count);
          List<Integer> found = fixture.search(query, floor, count);
          assertEquals(found.size(), found.stream().distinct().count(), "each slot once");
          for (int slot : found) {
            assertTrue(fixture.oracle.containsKey(slot), slot + " lives");
            assertTrue(fixture.cosine(query, slot) >= floor - 1e-6f, "reaches the floor");
          }
          expected += best.size();
          missed += (int) best.stream().filter(slot -> !found.contains(slot)).count();
        }
      }
      fixture.index.check();
    }
    assertTrue(expected > 2_000, expected + " expected");
    assertTrue(missed <= 1 + expected / 5_000, missed + " of " + expected + " missed");
  }

  private static List<Integer> best(IndexFixture fixture, float[] query, float floor, int count) {
    return fixture.oracle.keySet().stream()
        .filter(slot -> fixture.cosine(query, slot) >= floor)
        .sorted((a, b) -> Float.compare(fixture.cosine(query, b), fixture.cosine(query, a)))
        .limit(count)
        .toList();
  }

  @Test
  void searchAny_someReach_findsOneOfThem() throws IOException {
    Random random = TestSeed.random("CodedFlatIndexTest any", 23);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      List<float[]> vectors = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        vectors.add(TestSeed.unitVector(random, DIMENSION));
        fixture.put(vectors.getLast());
      }
      SearchScratch scratch = new SearchScratch(fixture.space);
      for (float[] vector : vectors) {
        float[] query = TestSeed.near(random, vector, 0.92);
        System.arraycopy(query, 0, scratch.query(), 0, DIMENSION);
        scratch.top().resetToAny(0.9f);
        fixture.index.search(IndexFixture.NOW, scratch);
        assertEquals(1, scratch.top().count());
        assertTrue(fixture.cosine(query, scratch.top().slot(0)) >= 0.9f);
      }
    }
  }

  /** Changes the list before a group is estimated, or after that and before its slots are read. */
  private static final class LateKernel extends ForwardingKernel {
    private Runnable before = () -> {};
    private Runnable after = () -> {};

    @Override
    public void estimate(long group, QueryPlanes query, float[] estimates) {
      Runnable now = before;
      before = () -> {};
      now.run();
      super.estimate(group, query, estimates);
      now = after;
      after = () -> {};
      now.run();
    }
  }

  @Test
  void search_slotMovesWithinTheGroupBeingRead_isFound() throws IOException {
    Random random = TestSeed.random("CodedFlatIndexTest moved", 24);
    LateKernel kernel = new LateKernel();
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION, kernel)) {
      List<Integer> slots = new ArrayList<>();
      for (int i = 0; i < 63; i++) {
        slots.add(fixture.put(TestSeed.unitVector(random, DIMENSION)));
      }
      float[] vector = TestSeed.unitVector(random, DIMENSION);
      int staying = fixture.put(vector);
      kernel.after =
          () -> {
            // The last takes the place of one before it, another one takes the last place.
            fixture.remove(slots.get(40));
            put(fixture, TestSeed.unitVector(random, DIMENSION));
          };
      assertEquals(List.of(staying), fixture.search(vector, 0.999f, 8));
    }
  }

  @Test
  void search_listGrowsBeforeTheSlotMoves_findsIt() throws IOException {
    Random random = TestSeed.random("CodedFlatIndexTest grown", 25);
    LateKernel kernel = new LateKernel();
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION, kernel)) {
      List<Integer> slots = new ArrayList<>();
      for (int i = 0; i < 69; i++) {
        slots.add(fixture.put(TestSeed.unitVector(random, DIMENSION)));
      }
      float[] vector = fixture.oracle.get(slots.get(68));
      kernel.before =
          () -> {
            // From here on the slots are in a longer array, whatever its length was.
            List<Integer> added = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
              added.add(put(fixture, TestSeed.unitVector(random, DIMENSION)));
            }
            added.forEach(fixture::remove);
            fixture.remove(slots.get(3));
            put(fixture, TestSeed.unitVector(random, DIMENSION));
          };
      assertEquals(List.of(slots.get(68)), fixture.search(vector, 0.999f, 8));
    }
  }

  private static int put(IndexFixture fixture, float[] vector) {
    try {
      return fixture.put(vector);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void search_whileOthersComeAndGo_alwaysFindsWhatStays() throws Exception {
    Random random = TestSeed.random("CodedFlatIndexTest threads", 26);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      List<float[]> staying = new ArrayList<>();
      List<Integer> stayingSlots = new ArrayList<>();
      List<Integer> others = new ArrayList<>();
      // Around the size from which there are codes, and few groups: moves within one are usual.
      for (int i = 0; i < 60; i++) {
        float[] vector = TestSeed.unitVector(random, DIMENSION);
        int slot = fixture.put(vector);
        if (i % 4 == 0) {
          staying.add(vector);
          stayingSlots.add(slot);
        } else {
          others.add(slot);
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
                      boolean found = fixture.finds(stayingSlots.get(i), staying.get(i), 1, own);
                      missed.addAndGet(found ? 0 : 1);
                      searches.incrementAndGet();
                    }
                  });
      try {
        for (int round = 0; round < 20 || searches.get() < 100_000; round++) {
          for (int i = 0; i < 200; i++) {
            fixture.remove(others.remove(random.nextInt(others.size())));
            others.add(fixture.put(TestSeed.unitVector(random, DIMENSION)));
          }
          for (int i = 0; i < 30; i++) {
            fixture.remove(others.removeLast());
          }
          for (int i = 0; i < 30; i++) {
            others.add(fixture.put(TestSeed.unitVector(random, DIMENSION)));
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
