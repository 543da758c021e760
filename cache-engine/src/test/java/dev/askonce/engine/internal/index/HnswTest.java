package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A {@link ScopeIndex} that has outgrown its list, with the scan of all entries as oracle. */
class HnswTest {
  private static final int DIMENSION = 32;
  private static final float TAU = 0.95f;

  @TempDir Path directory;

  private static float[][] centres(Random random, int count) {
    float[][] centres = new float[count][];
    for (int i = 0; i < count; i++) {
      centres[i] = TestSeed.unitVector(random, DIMENSION);
    }
    return centres;
  }

  private static void fill(IndexFixture fixture, Random random, float[][] centres, int count)
      throws IOException {
    for (int i = 0; i < count; i++) {
      fixture.put(
          TestSeed.near(
              random, centres[random.nextInt(centres.length)], 0.75 + 0.24 * random.nextDouble()));
    }
  }

  /** Half of the queries are near an entry, half near a centre: hits and misses. */
  private static void requireRecall(IndexFixture fixture, Random random, float[][] centres) {
    int queries = 400;
    List<Integer> slots = new ArrayList<>(fixture.oracle.keySet());
    int reaching = 0;
    int decided = 0;
    int nearest = 0;
    for (int i = 0; i < queries; i++) {
      float[] origin =
          i % 2 == 0
              ? fixture.oracle.get(slots.get(random.nextInt(slots.size())))
              : centres[random.nextInt(centres.length)];
      float[] query = TestSeed.near(random, origin, 0.85 + 0.15 * random.nextDouble());
      float best = fixture.best(query);
      List<Integer> found = fixture.search(query, 0, 8);
      float foundBest = found.isEmpty() ? -1 : fixture.cosine(query, found.getFirst());
      nearest += foundBest >= best - 1e-5f ? 1 : 0;
      if (best >= TAU) {
        reaching++;
        decided += foundBest >= TAU ? 1 : 0;
      }
    }
    System.out.printf(
        "recall: %d of %d decided, %d of %d nearest%n", decided, reaching, nearest, queries);
    assertTrue(reaching > queries / 5, reaching + " queries say something");
    assertTrue(decided >= 0.995 * reaching, decided + " of " + reaching + " reach the threshold");
    assertTrue(nearest >= 0.97 * queries, nearest + " of " + queries + " find the nearest");
  }

  @Test
  void search_largeScope_findsWhatAScanFindsAlsoAfterDeletion() throws IOException {
    Random random = TestSeed.random("HnswTest", 31);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      float[][] centres = centres(random, 300);
      fill(fixture, random, centres, 12_000);
      fixture.settle();
      fixture.index.check();
      requireRecall(fixture, random, centres);
      requireReachable(fixture);

      List<Integer> slots = new ArrayList<>(fixture.oracle.keySet());
      for (int i = 0; i < 6_000; i++) {
        fixture.remove(slots.remove(random.nextInt(slots.size())));
      }
      requireRecall(fixture, random, centres);
      fixture.settle();
      fixture.index.check();
      requireRecall(fixture, random, centres);
      requireReachable(fixture);

      fill(fixture, random, centres, 4_000);
      fixture.settle();
      fixture.index.check();
      requireRecall(fixture, random, centres);
      requireReachable(fixture);
    }
  }

  private static void requireReachable(IndexFixture fixture) {
    int unreachable = fixture.index.unreachable();
    int limit = fixture.oracle.size() / 1_000;
    assertTrue(unreachable <= limit, unreachable + " unreachable of " + fixture.oracle.size());
  }

  /** Asks for every entry by its own vector. */
  private static void requireFound(IndexFixture fixture) {
    int lost = 0;
    for (float[] vector : fixture.oracle.values()) {
      lost += fixture.search(vector, 0.999f, 1).isEmpty() ? 1 : 0;
    }
    int size = fixture.oracle.size();
    System.out.printf("%d of %d entries are not found by their own vector%n", lost, size);
    assertTrue(lost <= size / 100, lost + " of " + size + " entries are lost");
  }

  @Test
  void search_manyIdenticalVectors_hideNeitherThemselvesNorOthers() throws IOException {
    Random random = TestSeed.random("HnswTest duplicates", 32);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      float[] repeated = TestSeed.unitVector(random, DIMENSION);
      for (int i = 0; i < 6_000; i++) {
        boolean duplicate = i < 2_000 && i % 2 == 0;
        fixture.put(duplicate ? repeated : TestSeed.unitVector(random, DIMENSION));
      }
      fixture.settle();
      fixture.index.check();
      assertEquals(8, fixture.search(repeated, 0.999f, 8).size());
      requireFound(fixture);
      List<Integer> slots = new ArrayList<>(fixture.oracle.keySet());
      slots.removeIf(slot -> fixture.oracle.get(slot) != repeated);
      for (int left = slots.size(); left > 200; left = slots.size()) {
        for (int i = 0; i < (left + 1) / 2; i++) {
          fixture.remove(slots.remove(random.nextInt(slots.size())));
        }
        assertTrue(fixture.search(repeated, 0.999f, 8).size() > 0, left + " left");
        fixture.settle();
        fixture.index.check();
      }
      requireFound(fixture);
    }
  }

  @Test
  void search_neighbourhoodReplaced_findsTheNewEntries() throws IOException {
    Random random = TestSeed.random("HnswTest replaced", 33);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      float[][] centres = centres(random, 10);
      fill(fixture, random, centres, 4_000);
      fixture.settle();
      // A document changes: all that was answered from it goes, and is answered anew.
      for (int round = 0; round < 3; round++) {
        List<Integer> near = new ArrayList<>(fixture.oracle.keySet());
        float[] centre = centres[round];
        near.removeIf(slot -> fixture.cosine(centre, slot) < 0.6f);
        List<float[]> vectors = new ArrayList<>();
        for (int slot : near) {
          vectors.add(fixture.oracle.get(slot));
          fixture.remove(slot);
        }
        assertTrue(vectors.size() > 200, vectors.size() + " replaced");
        for (float[] vector : vectors) {
          fixture.put(TestSeed.near(random, vector, 0.999));
        }
        fixture.settle();
        fixture.index.check();
        requireFound(fixture);
      }
    }
  }

  @Test
  @Tag("scalar")
  void search_allEntriesReplaced_findsTheNewEntries() throws IOException {
    Random random = TestSeed.random("HnswTest all replaced", 34);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      float[][] centres = centres(random, 100);
      fill(fixture, random, centres, 3_000);
      fixture.settle();
      for (int slot : List.copyOf(fixture.oracle.keySet())) {
        fixture.remove(slot);
      }
      fill(fixture, random, centres, 3_000);
      fixture.settle();
      fixture.index.check();
      requireFound(fixture);
    }
  }

  @Test
  void search_fewSurvivorsOfACluster_areFound() throws IOException {
    Random random = TestSeed.random("HnswTest survivors", 35);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      float[][] centres = centres(random, 3);
      fill(fixture, random, centres, 4_500);
      fixture.settle();
      List<Integer> slots = new ArrayList<>(fixture.oracle.keySet());
      slots.removeIf(slot -> fixture.cosine(centres[0], slot) < 0.6f);
      List<Integer> survivors = new ArrayList<>();
      for (int i = 0; i < slots.size(); i++) {
        if (i % 150 == 0) {
          survivors.add(slots.get(i));
        } else {
          fixture.remove(slots.get(i));
        }
      }
      assertTrue(survivors.size() >= 8, survivors.size() + " survivors");
      for (boolean swept : new boolean[] {false, true}) {
        for (int slot : survivors) {
          float[] vector = fixture.oracle.get(slot);
          assertEquals(List.of(slot), fixture.search(vector, 0.999f, 1), "swept " + swept);
        }
        fixture.settle();
        fixture.index.check();
      }
    }
  }

  /** Entries that die behind the sweep's back must not keep links to slots that it gives back. */
  @Test
  void maintain_entriesDieDuringTheSweep_leavesNoLinkToReleasedSlots() throws IOException {
    Random random = TestSeed.random("HnswTest sweep", 36);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      fill(fixture, random, centres(random, 20), 7_000);
      fixture.settle();
      List<Integer> slots = new ArrayList<>(fixture.oracle.keySet());
      for (int i = 0; i < 1_500; i++) {
        fixture.remove(slots.remove(random.nextInt(slots.size())));
      }
      for (int round = 1; fixture.maintainOnce(); round++) {
        for (int i = 0; i < 100 && slots.size() > 3_000; i++) {
          fixture.remove(slots.remove(random.nextInt(slots.size())));
        }
        if (round % 4 == 0) {
          fixture.index.check();
        }
      }
      fixture.index.check();
      requireFound(fixture);
    }
  }

  @Test
  void maintain_randomTurnover_keepsTheStructureAndFindsAll() throws IOException {
    Random random = TestSeed.random("HnswTest turnover", 37);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      float[][] centres = centres(random, 30);
      fill(fixture, random, centres, 2_500);
      for (int turn = 0; turn < 12; turn++) {
        List<Integer> slots = new ArrayList<>(fixture.oracle.keySet());
        int gone = random.nextInt(1_500);
        for (int i = 0; i < gone; i++) {
          fixture.remove(slots.remove(random.nextInt(slots.size())));
          if (i % 200 == 0) {
            fixture.maintainOnce();
          }
        }
        fill(fixture, random, centres, gone);
        for (int i = random.nextInt(30); i > 0 && fixture.maintainOnce(); i--) {}
        fixture.index.check();
      }
      fixture.settle();
      fixture.index.check();
      requireFound(fixture);
    }
  }

  @Test
  void remove_everything_leavesAnEmptyIndexThatCanBeFilledAgain() throws IOException {
    Random random = new Random(38);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      for (int round = 0; round < 2; round++) {
        fill(fixture, random, centres(random, 5), 2_200);
        fixture.settle();
        assertFalse(fixture.index.isEmpty());
        for (int slot : List.copyOf(fixture.oracle.keySet())) {
          fixture.remove(slot);
        }
        fixture.settle();
        fixture.index.check();
        assertTrue(fixture.index.isEmpty());
        assertTrue(fixture.search(TestSeed.unitVector(random, DIMENSION), 0, 8).isEmpty());
      }
    }
  }

  /** Runs something in the middle of a search. */
  private static final class InterruptedKernel extends ForwardingKernel {
    private Runnable once = () -> {};

    @Override
    public float dot(float[] query, long address) {
      Runnable now = once;
      once = () -> {};
      now.run();
      return super.dot(query, address);
    }
  }

  @Test
  void maintain_entryRemovedWhileItIsLinked_isCountedOnce() throws IOException {
    Random random = new Random(40);
    InterruptedKernel kernel = new InterruptedKernel();
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION, kernel)) {
      int last = -1;
      for (int i = 0; i <= ScopeIndex.PROMOTE_AT; i++) {
        last = fixture.put(TestSeed.unitVector(random, DIMENSION));
      }
      fixture.maintainOnce();
      // The newest is linked first: the one put now is the next.
      int linking = fixture.put(TestSeed.unitVector(random, DIMENSION));
      kernel.once = () -> fixture.remove(linking);
      fixture.maintainOnce();
      fixture.index.check();
      assertEquals(ScopeIndex.PROMOTE_AT + 1, fixture.index.size());
      fixture.settle();
      fixture.index.check();
      assertFalse(fixture.oracle.containsKey(linking));
      assertTrue(fixture.oracle.containsKey(last));
    }
  }

  /** What is found does not count against the width, or eight would not be found in one of six. */
  @Test
  void search_bestEightAtTheLeastWidth_findsWhatIsAroundTheFirst() throws IOException {
    Random random = TestSeed.random("HnswTest best eight", 37);
    float[][] centres = centres(random, 100);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      fill(fixture, random, centres, 4_000);
      fixture.settle();
      fixture.space.stopEarly(false);
      fixture.space.calibration.beam(StopCalibration.WIDTH_MIN);
      int wanted = 0;
      int found = 0;
      for (float[] centre : centres) {
        float[] query = TestSeed.near(random, centre, 0.98);
        List<Float> best =
            fixture.oracle.keySet().stream()
                .map(slot -> fixture.cosine(query, slot))
                .filter(cosine -> cosine >= 0.8f)
                .sorted(Comparator.reverseOrder())
                .limit(8)
                .toList();
        wanted += best.size();
        for (int slot : fixture.search(query, 0.8f, 8)) {
          found += fixture.cosine(query, slot) >= best.getLast() ? 1 : 0;
        }
      }
      System.out.printf("%d of the %d best found%n", found, wanted);
      assertTrue(found >= wanted * 0.97, found + " of " + wanted);
    }
  }
}
