package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.LongHeap;
import dev.askonce.engine.internal.base.Memory;
import java.io.IOException;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntHashSet;

/**
 * Changes one scope's {@link HnswGraph}: links new entries and takes dead ones out. Of the linking
 * thread alone.
 */
final class HnswLinker {
  /*
   * Deletion. A removed entry is dead: its record is erased, so nobody is answered with it, but its
   * node still leads searches to its neighbours. A sweep visits all nodes once and replaces links
   * to dead nodes by links to the dead nodes' living neighbours. What was dead when the sweep began
   * is then linked from nowhere and leaves the graph. No list of incoming links is kept.
   *
   * FreshDiskANN (Singh et al., 2021) consolidates deletions in the same way.
   */
  private static final int LEVEL_MAX = 12;
  private static final double LEVEL_SCALE = 1 / Math.log(GraphBlocks.LINKS_ABOVE);
  private static final int CANDIDATES_MAX = GraphBlocks.LINKS_BASE * (GraphBlocks.LINKS_BASE + 1);
  private static final int NOT_SWEEPING = -1;

  /** A node that a sweep leaves with fewer links is linked anew. */
  private static final int LINKS_MIN = 4;

  private final HnswGraph graph;
  private final GraphBlocks blocks;
  private final LinkSelection selection;
  private final SearchScratch scratch;
  private final float[] node;

  /** Vector of the node whose list is being chosen again. */
  private final float[] owner;

  private final long[] candidates =
      new long[Math.max(CANDIDATES_MAX, SearchScratch.LINK_BEAM + GraphBlocks.LINKS_BASE)];
  private final int[] joined = new int[GraphBlocks.LINKS_BASE];
  private final IntHashSet seen = new IntHashSet();

  /** What was dead when the sweep began. */
  private final IntHashSet dying = new IntHashSet();

  private int cursor = NOT_SWEEPING;
  private int cursorEnd;

  HnswLinker(HnswGraph graph, SearchScratch scratch) {
    this.graph = graph;
    this.scratch = scratch;
    blocks = graph.blocks;
    selection = new LinkSelection(graph.table, graph.kernel);
    node = new float[graph.table.dimension()];
    owner = new float[node.length];
  }

  /**
   * Adds an entry:
   *
   * <ol>
   *   <li>walk to its neighbourhood at level 0;
   *   <li>make its blocks, unreachable as yet;
   *   <li>at each of its levels choose neighbours and write its own list first, so that a search
   *       that meets it always finds a way out;
   *   <li>add it to its neighbours' lists, thinning the full ones.
   * </ol>
   *
   * @return whether it was added; not where its neighbourhood is dead, so that nothing living would
   *     lead to it: then a sweep must come first
   * @throws IOException if there is no room for its blocks; the graph is unchanged
   */
  boolean insert(int slot) throws IOException {
    int top = level(slot);
    if (graph.isEmpty()) {
      allocate(slot, top);
      graph.nodes.addInt(slot);
      graph.setEntry(slot, top);
      return true;
    }
    int found = neighbourhood(slot, 0);
    if (found == 0) {
      return false;
    }
    allocate(slot, top);
    graph.nodes.addInt(slot);
    link(slot, 0, found);
    for (int level = 1; level <= Math.min(top, graph.entryLevel()); level++) {
      link(slot, level, neighbourhood(slot, level));
    }
    if (top > graph.entryLevel()) {
      graph.setEntry(slot, top);
    }
    return true;
  }

  /** Finds the living nodes next to an entry. {@return how many candidates there are} */
  private int neighbourhood(int slot, int level) {
    Memory.copyOut(graph.table.vectorAddress(slot), node);
    int from = graph.descend(node, graph.entry(), graph.entryLevel(), level);
    graph.beam(node, from, SearchScratch.LINK_BEAM, level, scratch, null, 0);
    return drainBeam(slot);
  }

  private void allocate(int slot, int top) throws IOException {
    int above = GraphBlocks.NONE;
    for (int level = top; level >= 0; level--) {
      int block = blocks.allocate(slot, level);
      blocks.setAbove(block, above);
      above = block;
    }
    blocks.setBaseBlock(slot, above);
  }

  /** {@return a level with the paper's distribution, the same for a slot in every run} */
  private static int level(int slot) {
    long mixed = (slot + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    double uniform = ((mixed ^ mixed >>> 32) >>> 11) * 0x1p-53;
    return Math.min(LEVEL_MAX, (int) (-Math.log(1 - uniform) * LEVEL_SCALE));
  }

  /** Moves living nodes other than {@code slot} from the beam to the candidates. */
  private int drainBeam(int slot) {
    int count = 0;
    while (scratch.beam.size() > 0) {
      long packed = scratch.beam.pop();
      int other = LongHeap.slot(packed);
      if (other != slot && graph.isLive(other)) {
        candidates[count++] = packed;
      }
    }
    return count;
  }

  private void link(int slot, int level, int found) {
    if (found == 0) {
      return;
    }
    if (joinDuplicate(slot, level, found)) {
      return;
    }
    int count = selection.choose(candidates, found, GraphBlocks.LINKS_ABOVE);
    int[] chosen = selection.chosen().clone();
    blocks.setLinks(blocks.block(slot, level), chosen, count);
    for (int i = 0; i < count; i++) {
      linkBack(chosen[i], slot, level);
    }
  }

  /**
   * Links a node whose nearest neighbour is a duplicate through that one alone, and gives it the
   * other's ways out. A crowd of duplicates is then a tree beside one of them; linked by the rule,
   * it would be a clique that nobody leaves.
   *
   * @return whether there is a duplicate with room for one more
   */
  private boolean joinDuplicate(int slot, int level, int found) {
    for (int i = 0; i < found; i++) {
      int other = LongHeap.slot(candidates[i]);
      int block = blocks.block(other, level);
      if (LongHeap.score(candidates[i]) < LinkSelection.DUPLICATE
          || block == GraphBlocks.NONE
          || blocks.count(block) == blocks.linksMax(block)) {
        continue;
      }
      int count = 0;
      joined[count++] = other;
      for (int j = 0; j < blocks.count(block) && count < blocks.linksMax(block) / 2; j++) {
        int link = blocks.link(block, j);
        if (link != slot && graph.isLive(link) && !isDuplicate(node, link)) {
          joined[count++] = link;
        }
      }
      blocks.setLinks(blocks.block(slot, level), joined, count);
      linkBack(other, slot, level);
      return true;
    }
    return false;
  }

  private boolean isDuplicate(float[] vector, int slot) {
    return graph.kernel.dot(vector, graph.table.vectorAddress(slot)) >= LinkSelection.DUPLICATE;
  }

  private void linkBack(int from, int to, int level) {
    int block = blocks.block(from, level);
    if (block == GraphBlocks.NONE || blocks.hasLink(block, to)) {
      return;
    }
    if (blocks.count(block) < blocks.linksMax(block)) {
      blocks.addLink(block, to);
      return;
    }
    Memory.copyOut(graph.table.vectorAddress(from), owner);
    seen.clear();
    int count = addCandidate(to, 0);
    for (int i = 0; i < blocks.count(block); i++) {
      count = addCandidate(blocks.link(block, i), count);
    }
    int kept = selection.choose(candidates, count, blocks.linksMax(block));
    blocks.setLinks(block, selection.chosen(), kept);
  }

  private int addCandidate(int slot, int count) {
    if (!graph.contains(slot) || !seen.add(slot) || count == candidates.length) {
      return count;
    }
    float cosine = graph.kernel.dot(owner, graph.table.vectorAddress(slot));
    candidates[count] = LongHeap.pack(cosine, slot);
    return count + 1;
  }

  boolean isSweeping() {
    return cursor != NOT_SWEEPING;
  }

  /** Starts to take out everything that is dead now. */
  void startSweep() {
    dying.clear();
    for (int i = 0; i < graph.nodes.size(); i++) {
      int slot = graph.nodes.getInt(i);
      if (!graph.isLive(slot)) {
        dying.add(slot);
      }
    }
    cursor = 0;
    cursorEnd = graph.nodes.size();
  }

  /**
   * Goes on with the sweep over at most {@code nodesMax} nodes.
   *
   * @return when the sweep is complete, the slots that left the graph, to be released after the
   *     readers' epoch; otherwise null
   */
  IntArrayList sweep(int nodesMax) {
    int end = Math.min(cursorEnd, cursor + nodesMax);
    for (; cursor < end; cursor++) {
      int slot = graph.nodes.getInt(cursor);
      // What died since the sweep began stays for the next one, and so must its links.
      if (!dying.contains(slot)) {
        int block = blocks.baseBlock(slot);
        for (; block != GraphBlocks.NONE; block = blocks.above(block)) {
          repair(slot, block);
        }
      }
    }
    return cursor == cursorEnd ? endSweep() : null;
  }

  private IntArrayList endSweep() {
    int kept = 0;
    for (int i = 0; i < graph.nodes.size(); i++) {
      int slot = graph.nodes.getInt(i);
      if (!dying.contains(slot)) {
        graph.nodes.setInt(kept++, slot);
      }
    }
    while (graph.nodes.size() > kept) {
      graph.nodes.removeAt(graph.nodes.size() - 1);
    }
    if (!graph.isEmpty() && dying.contains(graph.entry())) {
      moveEntry();
    }
    cursor = NOT_SWEEPING;
    IntArrayList gone = new IntArrayList();
    dying.forEachInt(gone::addInt);
    return gone;
  }

  private void moveEntry() {
    int best = -1;
    int bestLevel = -1;
    for (int i = 0; i < graph.nodes.size(); i++) {
      int slot = graph.nodes.getInt(i);
      int level = level(slot);
      if (level > bestLevel) {
        best = slot;
        bestLevel = level;
      }
    }
    if (best < 0) {
      graph.setEmpty();
    } else {
      graph.setEntry(best, bestLevel);
    }
  }

  private void repair(int slot, int block) {
    int count = blocks.count(block);
    boolean broken = false;
    for (int i = 0; i < count && !broken; i++) {
      broken = !graph.isLive(blocks.link(block, i));
    }
    if (!broken) {
      return;
    }
    Memory.copyOut(graph.table.vectorAddress(slot), owner);
    seen.clear();
    seen.add(slot);
    int level = blocks.level(block);
    int found = 0;
    boolean lostDuplicate = false;
    for (int i = 0; i < count; i++) {
      int link = blocks.link(block, i);
      if (graph.isLive(link)) {
        found = addCandidate(link, found);
      } else {
        lostDuplicate |= isDuplicate(owner, link);
        found = addNeighbours(link, level, found);
      }
    }
    int kept = selection.choose(candidates, found, blocks.linksMax(block));
    int[] chosen = selection.chosen().clone();
    blocks.setLinks(block, chosen, kept);
    if (kept < LINKS_MIN && graph.isLive(slot)) {
      // All around it died. What hardly links to others is hardly linked to either.
      link(slot, level, neighbourhood(slot, level));
    } else if (lostDuplicate && graph.isLive(slot)) {
      // Perhaps the one through which the others of its crowd were reached.
      for (int i = 0; i < kept; i++) {
        linkBack(chosen[i], slot, level);
      }
    }
  }

  private int addNeighbours(int dead, int level, int count) {
    int block = blocks.block(dead, level);
    int links = block == GraphBlocks.NONE ? 0 : blocks.count(block);
    for (int i = 0; i < links; i++) {
      int link = blocks.link(block, i);
      if (graph.isLive(link)) {
        count = addCandidate(link, count);
      }
    }
    return count;
  }
}
