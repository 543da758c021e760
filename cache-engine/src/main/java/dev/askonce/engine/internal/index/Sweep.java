package dev.askonce.engine.internal.index;

import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntHashSet;

/**
 * Takes dead nodes out of a graph, a part at a time: all nodes are visited once and their links led
 * around what is dead; then nothing leads to what was dead when the sweep began, and it leaves.
 * FreshDiskANN (Singh et al., 2021) consolidates deletions in the same way.
 *
 * <p>Threading: by one thread at a time, beside threads that search and link.
 */
final class Sweep {
  /** A node left with fewer links is linked anew. */
  private static final int LINKS_MIN = 6;

  private final HnswGraph graph;
  private final HnswLinker linker;
  private final NodeBlocks blocks;

  /** What was dead when the sweep began. */
  private final IntHashSet dying = new IntHashSet();

  private boolean started;
  private boolean visiting;
  private int cursor;
  private int cursorEnd;

  Sweep(HnswGraph graph, HnswLinker linker) {
    this.graph = graph;
    this.linker = linker;
    blocks = graph.space.blocks;
  }

  boolean isStarted() {
    return started;
  }

  /**
   * Decides what is to go. Whoever is linking now may not know it is dead: {@link #visit} must wait
   * until they are through.
   */
  void start() {
    dying.clear();
    synchronized (graph) {
      for (int i = 0; i < graph.nodes.size(); i++) {
        int node = graph.nodes.getInt(i);
        if (blocks.isDead(node)) {
          dying.add(node);
        }
      }
    }
    started = true;
    visiting = false;
  }

  /**
   * Goes on over at most {@code nodesMax} nodes.
   *
   * @return when the sweep is complete, the nodes that left the graph, to be given back after the
   *     readers' epoch; otherwise null
   */
  IntArrayList visit(int nodesMax, SearchScratch scratch) {
    if (!visiting) {
      visiting = true;
      cursor = 0;
      cursorEnd = size();
    }
    int end = Math.min(cursorEnd, cursor + nodesMax);
    for (; cursor < end; cursor++) {
      int node = node(cursor);
      if (!dying.contains(node) && linker.repair(node, LINKS_MIN, scratch)) {
        linker.relink(node, scratch);
      }
    }
    return cursor == cursorEnd ? end(scratch) : null;
  }

  private int size() {
    synchronized (graph) {
      return graph.nodes.size();
    }
  }

  private int node(int index) {
    synchronized (graph) {
      return graph.nodes.getInt(index);
    }
  }

  private IntArrayList end(SearchScratch scratch) {
    IntArrayList gone = new IntArrayList();
    dying.forEachInt(gone::addInt);
    leave();
    for (int i = 0; i < gone.size(); i++) {
      forget(gone.getInt(i), scratch);
    }
    dying.clear();
    started = false;
    return gone;
  }

  /** Takes the dying from the list of nodes and from the pivots. */
  private void leave() {
    synchronized (graph) {
      int kept = 0;
      for (int i = 0; i < graph.nodes.size(); i++) {
        int node = graph.nodes.getInt(i);
        if (!dying.contains(node)) {
          graph.nodes.setInt(kept++, node);
        }
      }
      while (graph.nodes.size() > kept) {
        graph.nodes.removeAt(graph.nodes.size() - 1);
      }
      graph.pivots.leave(dying, graph.nodes);
    }
  }

  /** What a node that left led to is in one list less. */
  private void forget(int node, SearchScratch scratch) {
    int count = blocks.count(node);
    for (int lane = 0; lane < count; lane++) {
      int other = blocks.link(node, lane);
      if (!dying.contains(other)) {
        blocks.addInDegree(other, -1);
        if (blocks.inDegree(other) == 0) {
          linker.relink(other, scratch);
        }
      }
    }
  }
}
