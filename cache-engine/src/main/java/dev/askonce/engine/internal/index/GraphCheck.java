package dev.askonce.engine.internal.index;

import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntHashSet;

/** Checks a graph's structure while no other thread is at work. */
final class GraphCheck {
  private final HnswGraph graph;
  private final GraphBlocks blocks;

  private GraphCheck(HnswGraph graph) {
    this.graph = graph;
    blocks = graph.blocks;
  }

  /**
   * @throws IllegalStateException saying what is wrong
   */
  static void check(HnswGraph graph, int live, int dead) {
    new GraphCheck(graph).run(live, dead);
  }

  /** {@return how many living nodes a walk along level 0 from the entry point does not reach} */
  static int unreachable(HnswGraph graph) {
    return new GraphCheck(graph).countUnreachable();
  }

  private void run(int live, int dead) {
    int living = 0;
    for (int i = 0; i < graph.nodes.size(); i++) {
      int slot = graph.nodes.getInt(i);
      living += graph.isLive(slot) ? 1 : 0;
      checkNode(slot);
    }
    int nodes = graph.nodes.size();
    ScopeIndex.require(living == live, living + " living nodes, counted " + live);
    ScopeIndex.require(nodes - living == dead, nodes - living + " dead nodes, counted " + dead);
    ScopeIndex.require(nodes == 0 == graph.isEmpty(), nodes + " nodes, empty " + graph.isEmpty());
    if (nodes > 0) {
      ScopeIndex.require(graph.contains(graph.entry()), "the entry point is not in the graph");
      ScopeIndex.require(
          blocks.block(graph.entry(), graph.entryLevel()) != GraphBlocks.NONE,
          "the entry point is not on level " + graph.entryLevel());
    }
  }

  private void checkNode(int slot) {
    int level = 0;
    int block = blocks.baseBlock(slot);
    ScopeIndex.require(block != GraphBlocks.NONE, "node " + slot + " has no block");
    for (; block != GraphBlocks.NONE; block = blocks.above(block), level++) {
      ScopeIndex.require(blocks.slot(block) == slot, "block of another slot than " + slot);
      ScopeIndex.require(blocks.level(block) == level, "block of another level than " + level);
      ScopeIndex.require(
          blocks.count(block) <= blocks.linksMax(block), "too many links at " + slot);
      for (int i = 0; i < blocks.count(block); i++) {
        int link = blocks.link(block, i);
        ScopeIndex.require(link != slot, "node " + slot + " links to itself");
        ScopeIndex.require(
            blocks.block(link, level) != GraphBlocks.NONE,
            "node " + slot + " links to " + link + ", which is not on level " + level);
      }
    }
  }

  private int countUnreachable() {
    IntHashSet reached = new IntHashSet();
    IntArrayList open = new IntArrayList();
    if (!graph.isEmpty()) {
      reached.add(graph.entry());
      open.addInt(graph.entry());
    }
    while (!open.isEmpty()) {
      int block = blocks.baseBlock(open.popInt());
      for (int i = 0; i < blocks.count(block); i++) {
        if (reached.add(blocks.link(block, i))) {
          open.addInt(blocks.link(block, i));
        }
      }
    }
    int missing = 0;
    for (int i = 0; i < graph.nodes.size(); i++) {
      int slot = graph.nodes.getInt(i);
      missing += graph.isLive(slot) && !reached.contains(slot) ? 1 : 0;
    }
    return missing;
  }
}
