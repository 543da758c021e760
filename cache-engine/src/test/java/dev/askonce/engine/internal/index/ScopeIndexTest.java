package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that entries share, and entries that come and go beside links. */
class ScopeIndexTest {
  private static final int DIMENSION = 32;

  @TempDir Path directory;

  private static List<Integer> fill(IndexFixture fixture, Random random, int count)
      throws IOException {
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      slots.add(fixture.put(TestSeed.unitVector(random, DIMENSION)));
    }
    return slots;
  }

  private static int node(IndexFixture fixture, int slot) {
    return fixture.space.slots.node(slot);
  }

  private static void requireFound(IndexFixture fixture, List<Integer> slots) {
    for (int slot : slots) {
      List<Integer> found = fixture.search(fixture.oracle.get(slot), 0.999f, 8);
      assertTrue(found.contains(slot), slot + " is not among " + found);
    }
  }

  @Test
  void link_nearDuplicates_shareANodeWhicheverOfThemGoes() throws IOException {
    Random random = TestSeed.random("ScopeIndexTest duplicates", 81);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      fill(fixture, random, ScopeIndex.PROMOTE_AT + 200);
      fixture.settle();
      int[][] removals = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 0, 3, 2}, {2, 3, 0, 1}};
      for (int[] removal : removals) {
        float[] vector = TestSeed.unitVector(random, DIMENSION);
        List<Integer> same = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          same.add(fixture.put(i == 0 ? vector : TestSeed.near(random, vector, 0.9998)));
          fixture.settle();
        }
        int other = fixture.put(TestSeed.near(random, vector, 0.999));
        fixture.settle();
        for (int slot : same) {
          assertEquals(node(fixture, same.getFirst()), node(fixture, slot));
        }
        assertNotEquals(node(fixture, same.getFirst()), node(fixture, other));
        List<Integer> left = new ArrayList<>(same);
        for (int gone : removal) {
          left.remove(same.get(gone));
          fixture.remove(same.get(gone));
          assertEquals(SlotNodes.NONE, node(fixture, same.get(gone)));
          fixture.index.check();
          requireFound(fixture, left);
        }
        requireFound(fixture, List.of(other));
      }
      fixture.settle();
      fixture.index.check();
      assertEquals(0, fixture.index.unreachable());
    }
  }

  @Test
  void link_moreOfOneVectorThanANodeTakes_areInSeveralNodes() throws IOException {
    Random random = TestSeed.random("ScopeIndexTest many", 82);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      fill(fixture, random, ScopeIndex.PROMOTE_AT + 1);
      fixture.settle();
      float[] vector = TestSeed.unitVector(random, DIMENSION);
      List<Integer> same = new ArrayList<>();
      Set<Integer> nodes = new HashSet<>();
      for (int i = 0; i < 3 * NodeBlocks.ENTRIES_MAX; i++) {
        same.add(fixture.put(vector));
        fixture.settle();
        nodes.add(node(fixture, same.getLast()));
      }
      assertEquals(3, nodes.size());
      fixture.index.check();
      // Each of them is met, and as the only one left found.
      while (same.size() > 1) {
        fixture.remove(same.remove(random.nextInt(same.size())));
      }
      assertEquals(same, fixture.search(vector, 0.999f, 8));
      fixture.settle();
      fixture.index.check();
      assertEquals(same, fixture.search(vector, 0.999f, 8));
    }
  }

  /** The writer's lock, with something that happens before it is taken for the second time. */
  @SuppressWarnings("serial")
  private static final class LateLock extends ReentrantLock {
    private final ReentrantLock lock;
    private final Runnable beforeSecond;
    private int taken;

    LateLock(ReentrantLock lock, Runnable beforeSecond) {
      this.lock = lock;
      this.beforeSecond = beforeSecond;
    }

    @Override
    public void lock() {
      if (++taken == 2) {
        beforeSecond.run();
      }
      lock.lock();
    }

    @Override
    public void unlock() {
      lock.unlock();
    }
  }

  private static boolean linkInterrupted(IndexFixture fixture, Runnable meanwhile)
      throws IOException {
    fixture.epochs.enter(1);
    try {
      LateLock lock = new LateLock(fixture.lock, meanwhile);
      return fixture.index.linkOne(lock, new SearchScratch(fixture.space));
    } finally {
      fixture.epochs.exit(1);
    }
  }

  @Test
  void linkOne_nodeIsFilledMeanwhile_takesNoMoreThanSearchesLookAt() throws IOException {
    Random random = TestSeed.random("ScopeIndexTest filled", 83);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      fill(fixture, random, ScopeIndex.PROMOTE_AT + 1);
      fixture.settle();
      float[] vector = TestSeed.unitVector(random, DIMENSION);
      int first = fixture.put(vector);
      fixture.settle();
      for (int i = 2; i < NodeBlocks.ENTRIES_MAX; i++) {
        fixture.put(vector);
      }
      fixture.settle();
      assertEquals(NodeBlocks.ENTRIES_MAX - 1, fixture.space.blocks.entries(node(fixture, first)));
      fixture.put(vector);
      fixture.put(vector);
      linkInterrupted(fixture, () -> linkOther(fixture));
      assertEquals(NodeBlocks.ENTRIES_MAX, fixture.space.blocks.entries(node(fixture, first)));
      fixture.settle();
      fixture.index.check();
      assertEquals(0, fixture.index.unlinked());
    }
  }

  @Test
  void linkOne_entryOrWhatItJoinsIsRemovedMeanwhile_leavesTheRestFound() throws IOException {
    Random random = TestSeed.random("ScopeIndexTest removed", 84);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      fill(fixture, random, ScopeIndex.PROMOTE_AT + 1);
      fixture.settle();
      for (boolean duplicate : new boolean[] {false, true}) {
        for (boolean joinedGoes : new boolean[] {false, true}) {
          float[] vector = TestSeed.unitVector(random, DIMENSION);
          int first = fixture.put(vector);
          fixture.settle();
          int second = fixture.put(TestSeed.near(random, vector, duplicate ? 0.9999 : 0.99));
          int size = fixture.index.size();
          int gone = joinedGoes ? first : second;
          int stays = joinedGoes ? second : first;
          linkInterrupted(fixture, () -> fixture.remove(gone));
          assertEquals(size - 1, fixture.index.size());
          assertEquals(SlotNodes.NONE, node(fixture, gone));
          fixture.index.check();
          requireFound(fixture, List.of(stays));
          assertFalse(fixture.search(vector, 0.9f, 8).contains(gone));
          fixture.settle();
          fixture.index.check();
          assertEquals(0, fixture.index.unlinked());
          requireFound(fixture, List.of(stays));
        }
      }
    }
  }

  @Test
  void linkOne_nodeIsJoinedBeforeItsFirstEntryEnters_keepsBoth() throws IOException {
    Random random = TestSeed.random("ScopeIndexTest joined", 87);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      fill(fixture, random, ScopeIndex.PROMOTE_AT + 1);
      fixture.settle();
      for (boolean firstGoes : new boolean[] {false, true}) {
        float[] vector = TestSeed.unitVector(random, DIMENSION);
        int second = fixture.put(vector);
        int first = fixture.put(vector);
        linkInterrupted(
            fixture,
            () -> {
              linkOther(fixture);
              if (firstGoes) {
                fixture.remove(first);
              }
            });
        fixture.index.check();
        assertEquals(0, fixture.index.unlinked());
        requireFound(fixture, firstGoes ? List.of(second) : List.of(first, second));
        fixture.remove(second);
        fixture.index.check();
        if (!firstGoes) {
          requireFound(fixture, List.of(first));
          fixture.remove(first);
        }
        fixture.index.check();
      }
    }
  }

  private static void linkOther(IndexFixture fixture) {
    try {
      assertTrue(fixture.linkOne(2, new SearchScratch(fixture.space)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void maintain_noRoomForNodes_sweepsAndGoesOnWithWhatThatFrees() throws IOException {
    Random random = TestSeed.random("ScopeIndexTest no room", 88);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      fixture.space.blocks.nodesMax = 4_096;
      List<Integer> slots = fill(fixture, random, 4_096 + 50);
      assertThrows(IOException.class, fixture::settle);
      assertEquals(50, fixture.index.unlinked());
      for (int i = 0; i < 1_000; i++) {
        fixture.remove(slots.get(1_000 + i));
      }
      boolean more = true;
      for (int i = 0; more && i < 100; i++) {
        try {
          more = fixture.maintainOnce();
        } catch (IOException e) {
          // Until the sweep is over.
        }
      }
      fixture.index.check();
      assertEquals(0, fixture.index.unlinked());
    }
  }

  @Test
  void remove_slotThatIsInNoList_changesNothing() throws IOException {
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      int slot = fixture.put(TestSeed.unitVector(new Random(85), DIMENSION));
      // A record that is damaged does not say whether it had a vector.
      fixture.index.remove(slot + 1);
      fixture.index.remove(fixture.table.capacity() + 1);
      assertEquals(1, fixture.index.size());
      fixture.index.check();
    }
  }

  @Test
  void put_intoTheSlotOfALinkedEntry_isFoundInItsPlace() throws IOException {
    Random random = TestSeed.random("ScopeIndexTest reuse", 86);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION)) {
      List<Integer> slots = fill(fixture, random, ScopeIndex.PROMOTE_AT + 100);
      fixture.settle();
      int reused = 0;
      for (int i = 0; i < 500; i++) {
        int slot = slots.get(random.nextInt(slots.size()));
        float[] old = fixture.oracle.get(slot);
        fixture.remove(slot);
        float[] vector = TestSeed.unitVector(random, DIMENSION);
        int next = fixture.put(vector);
        reused += next == slot ? 1 : 0;
        assertEquals(List.of(next), fixture.search(vector, 0.999f, 8));
        assertTrue(fixture.search(old, 0.999f, 8).isEmpty());
        if (i % 50 == 0) {
          fixture.maintainOnce();
          fixture.index.check();
        }
      }
      assertEquals(500, reused);
      fixture.settle();
      fixture.index.check();
      assertEquals(0, fixture.index.unreachable());
    }
  }
}
