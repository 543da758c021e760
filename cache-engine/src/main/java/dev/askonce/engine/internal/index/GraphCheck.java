package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.kernel.CodeGroup;
import org.agrona.collections.Int2IntCounterMap;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntHashSet;

/** Checks a graph's structure while no other thread is at work. */
final class GraphCheck {
  private final HnswGraph graph;
  private final NodeBlocks blocks;
  private final IntHashSet members = new IntHashSet();
  private final Int2IntCounterMap inDegrees = new Int2IntCounterMap(0);
  private int entries;

  private GraphCheck(HnswGraph graph) {
    this.graph = graph;
    blocks = graph.space.blocks;
    graph.nodes.forEachInt(members::add);
  }

  /**
   * @throws IllegalStateException saying what is wrong
   */
  static void check(HnswGraph graph, int live, int dead) {
    new GraphCheck(graph).run(live, dead);
  }

  /** {@return how many living entries a walk from the pivots does not reach} */
  static int unreachable(HnswGraph graph) {
    return new GraphCheck(graph).countUnreachable();
  }

  private void run(int live, int dead) {
    int deadFound = 0;
    require(members.size() == graph.nodes.size(), "a node is listed twice");
    for (int i = 0; i < graph.nodes.size(); i++) {
      int node = graph.nodes.getInt(i);
      checkLinks(node);
      deadFound += blocks.isDead(node) ? 1 : 0;
      checkEntries(node);
    }
    for (int i = 0; i < graph.nodes.size(); i++) {
      int node = graph.nodes.getInt(i);
      int counted = inDegrees.get(node);
      require(
          blocks.inDegree(node) == counted,
          "node " + node + " is in " + counted + " lists, not " + blocks.inDegree(node));
    }
    require(entries == live, entries + " linked entries, counted " + live);
    require(deadFound == dead, deadFound + " dead nodes, counted " + dead);
    require(
        graph.nodes.isEmpty() == (graph.pivots.count() == 0),
        graph.nodes.size() + " nodes, " + graph.pivots.count() + " pivots");
    IntHashSet pivots = new IntHashSet();
    graph.pivots.forEach(
        node -> {
          require(members.contains(node), "pivot " + node + " is not in the graph");
          require(pivots.add(node), "node " + node + " is a pivot twice");
        });
    require(
        pivots.size() == graph.pivots.count(),
        pivots.size() + " pivots in groups, counted " + graph.pivots.count());
  }

  private void checkEntries(int node) {
    int chain = 0;
    for (int slot = blocks.entry(node); slot >= 0; slot = graph.space.slots.next(slot)) {
      require(graph.space.slots.node(slot) == node, "slot " + slot + " is not of node " + node);
      chain++;
    }
    require(
        blocks.isDead(node) || chain == blocks.entries(node),
        "node " + node + " has " + chain + " entries, not " + blocks.entries(node));
    entries += chain;
  }

  private void checkLinks(int node) {
    IntHashSet links = new IntHashSet();
    for (int lane = 0; lane < blocks.count(node); lane++) {
      int link = blocks.link(node, lane);
      require(link != node, "node " + node + " links to itself");
      require(links.add(link), "node " + node + " links twice to " + link);
      require(members.contains(link), "node " + node + " links to " + link + ", not in the graph");
      inDegrees.incrementAndGet(link);
      checkCode(node, lane, link);
    }
  }

  private void checkCode(int node, int lane, int link) {
    long group = NodeBlocks.codes(blocks.address(node)) + ((long) lane << 2);
    for (int i = 0; i <= graph.space.words; i++) {
      require(
          Memory.getInt(group + (long) i * CodeGroup.LANES * Integer.BYTES)
              == Memory.getInt(blocks.code(link) + ((long) i << 2)),
          "node " + node + " has another code of " + link);
    }
  }

  private int countUnreachable() {
    IntHashSet reached = new IntHashSet();
    IntArrayList open = new IntArrayList();
    graph.pivots.forEach(
        node -> {
          if (reached.add(node)) {
            open.addInt(node);
          }
        });
    while (!open.isEmpty()) {
      int node = open.popInt();
      for (int lane = 0; lane < blocks.count(node); lane++) {
        if (reached.add(blocks.link(node, lane))) {
          open.addInt(blocks.link(node, lane));
        }
      }
    }
    int missing = 0;
    for (int i = 0; i < graph.nodes.size(); i++) {
      int node = graph.nodes.getInt(i);
      missing += blocks.isDead(node) || reached.contains(node) ? 0 : blocks.entries(node);
    }
    return missing;
  }

  static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalStateException(problem);
    }
  }
}
