package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.agrona.collections.IntHashSet;
import org.junit.jupiter.api.Test;

/** {@link Frontier} against a sorted list of all that was offered. */
class FrontierTest {
  /** Estimates this near may be taken in any order: the width of a bucket, and rounding. */
  private static final float BUCKET = 1.3f / 512 + 1e-5f;

  private record Offered(int node, float estimate) {}

  /** What was offered, best first, and what of it is neither taken nor dead. */
  private static final class Model {
    private final List<Offered> counted = new ArrayList<>();
    private final List<Offered> open = new ArrayList<>();

    void offer(Offered offered) {
      counted.add(offered);
      open.add(offered);
      counted.sort(Comparator.comparing(Offered::estimate).reversed());
      open.sort(Comparator.comparing(Offered::estimate).reversed());
    }

    /** {@return the estimate of the width-th best} */
    float floor(int width) {
      return counted.size() < width ? Float.NEGATIVE_INFINITY : counted.get(width - 1).estimate();
    }
  }

  @Test
  void take_randomOffers_followsTheSortedList() {
    Random random = TestSeed.random("FrontierTest", 51);
    Frontier frontier = new Frontier();
    for (int round = 0; round < 400; round++) {
      int width = 1 + random.nextInt(150);
      frontier.clear(width);
      Model model = new Model();
      int nodes = 0;
      for (int step = 0; step < 300; step++) {
        if (random.nextInt(3) > 0) {
          // Beyond both ends of the buckets, too.
          float estimate = -0.3f + 1.6f * random.nextFloat();
          Offered offered = new Offered(nodes++, estimate);
          float floor = frontier.floor();
          frontier.offer(offered.node(), estimate);
          if (estimate >= floor - BUCKET / 8) {
            model.offer(offered);
          }
        } else {
          take(frontier, model, width, random.nextInt(4) == 0);
        }
      }
    }
  }

  private static void take(Frontier frontier, Model model, int width, boolean dead) {
    int place = frontier.take();
    if (place < 0) {
      float left = model.open.isEmpty() ? -1 : clamped(model.open.getFirst().estimate());
      assertTrue(
          model.open.isEmpty() || left <= clamped(model.floor(width)) + BUCKET,
          left + " is left, the floor is " + model.floor(width));
      return;
    }
    Offered taken = new Offered(frontier.node(place), frontier.estimate(place));
    assertTrue(model.open.contains(taken), taken + " was offered and is not taken twice");
    float best = clamped(model.open.getFirst().estimate());
    assertTrue(clamped(taken.estimate()) >= best - BUCKET, taken + " before " + best);
    assertTrue(clamped(taken.estimate()) >= clamped(model.floor(width)) - BUCKET, "in sight");
    model.open.remove(taken);
    if (dead) {
      frontier.discount(place);
      model.counted.remove(taken);
    }
  }

  /** All below the first bucket is in it, all above the last in that. */
  private static float clamped(float estimate) {
    return Math.clamp(estimate, -0.2f, 1.1f);
  }

  @Test
  void offer_sameNodeAgain_isTakenOnce() {
    Frontier frontier = new Frontier();
    // More rounds than marks have room for.
    for (int round = 0; round < 200; round++) {
      frontier.clear(10);
      for (int i = 0; i < 3; i++) {
        frontier.offer(NodeBlocks.NODES_MAX - 1, 0.5f);
        frontier.offer(0, 0.6f);
      }
      assertEquals(0, frontier.node(frontier.take()));
      assertEquals(NodeBlocks.NODES_MAX - 1, frontier.node(frontier.take()));
      assertEquals(-1, frontier.take());
    }
  }

  /** Neighbours that were forgotten in turn would be visited in turn, and nothing else. */
  @Test
  void offer_manyNodesInTurn_noneIsForgotten() {
    Random random = TestSeed.random("FrontierTest seen", 52);
    Frontier frontier = new Frontier();
    for (int round = 0; round < 100; round++) {
      frontier.clear(8_000);
      IntHashSet offered = new IntHashSet();
      for (int i = 0; i < 6_000; i++) {
        int node = random.nextInt(random.nextBoolean() ? NodeBlocks.NODES_MAX : 4_000);
        offered.add(node);
        frontier.offer(node, random.nextFloat());
      }
      IntHashSet taken = new IntHashSet();
      for (int place = frontier.take(); place >= 0; place = frontier.take()) {
        assertTrue(taken.add(frontier.node(place)), "taken twice");
        frontier.offer(frontier.node(place), 0.5f);
      }
      assertEquals(offered, taken);
    }
  }

  @Test
  void offer_moreThanThereIsRoomFor_keepsThoseBefore() {
    Frontier frontier = new Frontier();
    frontier.clear(20_000);
    for (int node = 0; node < 20_000; node++) {
      frontier.offer(node, 0.5f);
    }
    int taken = 0;
    while (frontier.take() >= 0) {
      taken++;
    }
    assertEquals(8192, taken);
  }

  @Test
  void discount_crowdOfDead_bringsBackIntoSightWhatIsBehind() {
    Frontier frontier = new Frontier();
    frontier.clear(5);
    frontier.offer(100, 0.3f);
    for (int node = 0; node < 50; node++) {
      frontier.offer(node, 0.8f);
    }
    for (int node = 0; node < 50; node++) {
      int place = frontier.take();
      assertTrue(frontier.node(place) < 50);
      frontier.discount(place);
    }
    assertEquals(100, frontier.node(frontier.take()));
  }

  @Test
  void visit_randomEstimates_givesTheRankInTheSortedList() {
    Random random = TestSeed.random("FrontierTest visits", 52);
    VisitOrder order = new VisitOrder();
    for (int round = 0; round < 20; round++) {
      order.clear();
      List<Float> visited = new ArrayList<>();
      for (int i = 0; i < 2048; i++) {
        assertTrue(!order.isFull());
        float estimate = random.nextInt(500) / 500f;
        long better = visited.stream().filter(other -> other >= estimate).count();
        assertEquals(better, order.visit(estimate));
        visited.add(estimate);
        assertEquals(i + 1, order.count());
      }
      assertTrue(order.isFull());
    }
  }

  @Test
  void depth_randomRanks_isTheLeastWidthThatReachesThemAll() {
    Random random = TestSeed.random("FrontierTest depths", 53);
    VisitOrder order = new VisitOrder();
    for (int round = 0; round < 500; round++) {
      order.clear();
      assertEquals(0, order.depth());
      int greatest = -1;
      for (int i = random.nextInt(30); i > 0; i--) {
        int rank = random.nextInt(400);
        order.deepen(rank);
        greatest = Math.max(greatest, rank);
      }
      assertEquals(greatest + 1, order.depth());
    }
  }
}
