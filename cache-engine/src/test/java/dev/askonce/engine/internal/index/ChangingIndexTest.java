package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.kernel.CodeGroup;
import dev.askonce.engine.internal.kernel.QueryPlanes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches at the middle of which the index changes, always at the same moment. */
class ChangingIndexTest {
  private static final int DIMENSION = 32;

  @TempDir Path directory;

  /** Runs something after so many estimates, or before vectors are looked at four at a time. */
  private static final class HookedKernel extends ForwardingKernel {
    private Runnable afterEstimate = () -> {};
    private Runnable beforeDots = () -> {};
    private int estimatesLeft;

    void afterEstimate(int estimates, Runnable hook) {
      estimatesLeft = estimates;
      afterEstimate = hook;
    }

    @Override
    public void estimate(long group, QueryPlanes query, float[] estimates) {
      super.estimate(group, query, estimates);
      if (--estimatesLeft == 0) {
        Runnable now = afterEstimate;
        afterEstimate = () -> {};
        now.run();
      }
    }

    @Override
    public void dot4(float[] query, long a, long b, long c, long d, float[] result) {
      Runnable now = beforeDots;
      beforeDots = () -> {};
      now.run();
      super.dot4(query, a, b, c, d, result);
    }
  }

  private final HookedKernel kernel = new HookedKernel();

  private static void fill(IndexFixture fixture, Random random) throws IOException {
    for (int i = 0; i < ScopeIndex.PROMOTE_AT + 100; i++) {
      fixture.put(TestSeed.unitVector(random, DIMENSION));
    }
    fixture.settle();
  }

  private static SearchScratch asking(IndexFixture fixture, float[] query) {
    SearchScratch scratch = new SearchScratch(fixture.space);
    System.arraycopy(query, 0, scratch.query(), 0, query.length);
    scratch.begin();
    scratch.prepare();
    scratch.frontier.clear(HnswLinker.BEAM);
    return scratch;
  }

  /** {@return what is in sight, with its estimates} */
  private static Map<Integer, Float> inSight(Frontier frontier) {
    Map<Integer, Float> inSight = new HashMap<>();
    for (int place = frontier.take(); place >= 0; place = frontier.take()) {
      inSight.put(frontier.node(place), frontier.estimate(place));
    }
    return inSight;
  }

  /** {@return the estimate by the node's own code} */
  private float estimate(IndexFixture fixture, int node, SearchScratch scratch) {
    try (Arena arena = Arena.ofConfined()) {
      long group = arena.allocate(CodeGroup.bytes(fixture.space.words), 128).address();
      CodeGroup.put(group, 0, fixture.space.blocks.code(node), fixture.space.words);
      float[] estimates = new float[CodeGroup.LANES];
      kernel.estimate(group, scratch.planes, estimates);
      return estimates[0];
    }
  }

  private void requireOwnEstimates(
      IndexFixture fixture, Map<Integer, Float> inSight, SearchScratch scratch) {
    inSight.forEach(
        (node, estimate) ->
            assertEquals(estimate(fixture, node, scratch), estimate, "of node " + node));
  }

  private static Set<Integer> links(NodeBlocks blocks, int node) {
    Set<Integer> links = new HashSet<>();
    for (int lane = 0; lane < blocks.count(node); lane++) {
      links.add(blocks.link(node, lane));
    }
    return links;
  }

  @Test
  void expand_listRepairedMeanwhile_offersWhatStaysByItsOwnCode() throws IOException {
    Random random = TestSeed.random("ChangingIndexTest expand", 81);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION, kernel)) {
      fill(fixture, random);
      NodeBlocks blocks = fixture.space.blocks;
      HnswGraph graph = fixture.index.graph();
      HnswLinker linker = new HnswLinker(graph);
      for (int node = 0; node < 50; node++) {
        SearchScratch scratch = asking(fixture, TestSeed.unitVector(random, DIMENSION));
        Set<Integer> before = links(blocks, node);
        int repaired = node;
        kernel.afterEstimate(
            1,
            () -> {
              for (int lane = 0; lane < 6; lane++) {
                int slot = blocks.entry(blocks.link(repaired, lane));
                if (slot != NodeBlocks.DEAD) {
                  fixture.remove(slot);
                }
              }
              linker.repair(repaired, 6, new SearchScratch(fixture.space));
            });
        graph.expand(node, scratch);
        Set<Integer> staying = links(blocks, node);
        staying.retainAll(before);
        Map<Integer, Float> inSight = inSight(scratch.frontier);
        assertTrue(inSight.keySet().containsAll(staying), "all that stay are offered");
        requireOwnEstimates(fixture, inSight, scratch);
      }
    }
  }

  @Test
  void enter_pivotsChangedMeanwhile_offersEachByItsOwnCode() throws IOException {
    Random random = TestSeed.random("ChangingIndexTest pivots", 82);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION, kernel)) {
      fill(fixture, random);
      HnswGraph graph = fixture.index.graph();
      for (int i = 0; i < 300; i++) {
        SearchScratch scratch = asking(fixture, TestSeed.unitVector(random, DIMENSION));
        // One that comes takes the place of another; so many, and all are grouped anew.
        int coming = i % 2 == 0 ? 10 : 500;
        kernel.afterEstimate(
            1 + random.nextInt(PivotGroups.SCANNED + 1),
            () -> {
              for (int pivot = 0; pivot < coming; pivot++) {
                graph.beginAt(random.nextInt(graph.nodes.size()));
              }
            });
        if (i % 3 == 0) {
          graph.pivots.enterAll(scratch);
        } else {
          graph.pivots.enter(scratch);
        }
        requireOwnEstimates(fixture, inSight(scratch.frontier), scratch);
      }
    }
  }

  @Test
  void search_entryMovesBackAndIsLinkedAgainMeanwhile_findsIt() throws IOException {
    Random random = TestSeed.random("ChangingIndexTest demotion", 83);
    try (IndexFixture fixture = new IndexFixture(directory, DIMENSION, kernel)) {
      fill(fixture, random);
      List<Integer> slots = new ArrayList<>(fixture.oracle.keySet());
      int staying = slots.removeFirst();
      while (fixture.index.size() > ScopeIndex.DEMOTE_AT) {
        fixture.remove(slots.removeLast());
      }
      SlotNodes nodes = fixture.space.slots;
      List<Integer> moments = new ArrayList<>();
      kernel.afterEstimate(
          1,
          () -> {
            fixture.remove(slots.removeLast());
            maintainUntil(fixture, staying, false);
            moments.add(nodes.node(staying));
          });
      kernel.beforeDots =
          () -> {
            while (fixture.index.size() < ScopeIndex.DEMOTE_AT) {
              put(fixture, TestSeed.unitVector(random, DIMENSION));
            }
            maintainUntil(fixture, staying, true);
            // Its place in the list is another's now.
            for (int i = 0; i < 100; i++) {
              put(fixture, TestSeed.unitVector(random, DIMENSION));
            }
            moments.add(nodes.node(staying));
          };
      float[] vector = fixture.oracle.get(staying);
      assertTrue(fixture.finds(staying, vector, 1, new SearchScratch(fixture.space)));
      assertEquals(2, moments.size(), "it moved there and back");
    }
  }

  private static void maintainUntil(IndexFixture fixture, int slot, boolean linked) {
    try {
      while (fixture.space.slots.node(slot) >= 0 != linked) {
        assertTrue(fixture.maintainOnce());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void put(IndexFixture fixture, float[] vector) {
    try {
      fixture.put(vector);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
