package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.store.EntryTable;
import java.io.IOException;
import java.util.concurrent.locks.Lock;

/**
 * Links new nodes into one scope's {@link HnswGraph} and mends the lists of old ones.
 *
 * <p>Threading: by any number of threads, each with a scratch of its own and inside a readers'
 * epoch, so that no slot or node it meets is used again meanwhile. A list is changed under its
 * node's lock; no thread holds two.
 */
final class HnswLinker {
  /** Width of the search for a new node's neighbours: the paper's efConstruction. */
  static final int BEAM = 120;

  /** Two entries of this cosine share a node. */
  static final float DUPLICATE = 0.9995f;

  /** No list drops a node that so few hold: what hardly any link leads to is hardly found. */
  private static final int IN_DEGREE_MIN = 3;

  private static final int NONE = -1;

  private final HnswGraph graph;
  private final EntryTable table;
  private final NodeBlocks blocks;
  private final Kernel kernel;
  private final int dimension;
  private final LinkSelection selection;

  HnswLinker(HnswGraph graph) {
    this.graph = graph;
    table = graph.space.table;
    blocks = graph.space.blocks;
    kernel = graph.space.kernel;
    dimension = table.dimension();
    selection = new LinkSelection(kernel, dimension);
  }

  /**
   * Finds the neighbourhood of an entry, nearest last in the scratch's order.
   *
   * @return whether any living node was met; if not, a sweep must come first
   */
  boolean findNeighbours(int slot, SearchScratch scratch) {
    LinkScratch link = scratch.link();
    Memory.copyOut(table.vectorAddress(slot), scratch.query());
    scratch.encoder().prepare(scratch.query(), scratch.planes, link.code);
    link.count = 0;
    explore(slot, scratch, link);
    link.sort();
    return link.count > 0;
  }

  /** {@return the nearest node found that takes the entry that was looked for, or -1} */
  int duplicate(SearchScratch scratch) {
    LinkScratch link = scratch.link();
    for (int rank = 0; rank < link.count; rank++) {
      int place = link.place(rank);
      if (link.cosines[place] < DUPLICATE) {
        break;
      }
      int node = link.nodes[place];
      if (blocks.takesEntries(node)) {
        return node;
      }
    }
    return SlotNodes.NONE;
  }

  private void explore(int slot, SearchScratch scratch, LinkScratch link) {
    Frontier frontier = scratch.frontier;
    VisitOrder order = scratch.order;
    frontier.clear(BEAM);
    order.clear();
    graph.pivots.enter(scratch);
    boolean everywhere = false;
    while (!order.isFull() && !link.isFull()) {
      int place = frontier.take();
      if (place < 0) {
        if (everywhere || order.count() >= BEAM) {
          break;
        }
        everywhere = true;
        graph.pivots.enterAll(scratch);
        continue;
      }
      int node = frontier.node(place);
      int entry = blocks.entry(node);
      if (entry == NodeBlocks.DEAD) {
        frontier.discount(place);
      } else {
        int rank = order.visit(frontier.estimate(place));
        if (entry != slot) {
          long vector = table.vectorAddress(entry);
          float cosine = kernel.dot(scratch.query(), vector);
          link.add(node, LinkScratch.NEW, vector, cosine);
        }
        if (rank >= BEAM) {
          break;
        }
      }
      graph.expand(node, scratch);
    }
  }

  /** Where all around is dead, the next living nodes are as good as any. */
  private void addPivots(int slot, SearchScratch scratch, LinkScratch link) {
    graph.pivots.forEach(
        node -> {
          int entry = link.isFull() ? NodeBlocks.DEAD : blocks.entry(node);
          if (entry != NodeBlocks.DEAD && entry != slot) {
            long vector = table.vectorAddress(entry);
            link.add(node, LinkScratch.NEW, vector, kernel.dot(scratch.query(), vector));
          }
        });
  }

  /**
   * Makes a node of the entry that was looked for: its own list first, so that a search that meets
   * it always finds a way out, then the lists of its neighbours.
   *
   * @return the node
   * @throws IOException if there is no room for its block; the graph is unchanged
   */
  int link(int slot, SearchScratch scratch) throws IOException {
    LinkScratch link = scratch.link();
    int node = blocks.allocate(slot, link.code);
    int count = selection.choose(link);
    int spares = link.fill(count, NodeBlocks.LINKS_MAX);
    for (int i = 0; i < spares; i++) {
      link.neighbours[i] = link.nodes[link.chosen[i]];
    }
    for (int i = 0; i < count; i++) {
      blocks.setLink(node, i, link.neighbours[i]);
      blocks.addInDegree(link.neighbours[i], 1);
    }
    blocks.setCount(node, count);
    for (int i = 0; i < count; i++) {
      linkBack(link.neighbours[i], node, scratch);
    }
    // In a crowd one neighbour may stand for all, and its list holds but 32 of those that choose
    // it.
    for (int i = count; i < spares && blocks.inDegree(node) == 0; i++) {
      linkBack(link.neighbours[i], node, scratch);
    }
    graph.add(node);
    return node;
  }

  /** Adds {@code other} to a node's list, thinning it where it is full. */
  private void linkBack(int node, int other, SearchScratch scratch) {
    Lock lock = blocks.lock(node);
    lock.lock();
    try {
      int count = blocks.count(node);
      int entry = blocks.entry(node);
      if (entry == NodeBlocks.DEAD || blocks.hasLink(node, other)) {
        return;
      }
      if (count < NodeBlocks.LINKS_MAX) {
        blocks.setLink(node, count, other);
        blocks.setCount(node, count + 1);
        blocks.addInDegree(other, 1);
        return;
      }
      LinkScratch link = scratch.link();
      long vector = table.vectorAddress(entry);
      link.count = 0;
      addCandidate(other, LinkScratch.NEW, vector, link);
      for (int lane = 0; lane < count; lane++) {
        addCandidate(blocks.link(node, lane), lane, vector, link);
      }
      int taken = selection.choose(link);
      rewrite(node, keepReachable(other, taken, link), link);
    } finally {
      lock.unlock();
    }
  }

  private void addCandidate(int node, int lane, long vector, LinkScratch link) {
    int entry = blocks.entry(node);
    if (entry != NodeBlocks.DEAD && !link.isFull()) {
      long other = table.vectorAddress(entry);
      link.add(node, lane, other, kernel.dot(vector, other, dimension));
    }
  }

  /**
   * Puts candidates back that would be in too few lists without this one.
   *
   * @param joining a node that is being linked, or -1
   * @return how many are chosen now
   */
  private int keepReachable(int joining, int taken, LinkScratch link) {
    int count = taken;
    for (int place = 0; place < link.count; place++) {
      if (link.lanes[place] != LinkScratch.NEW
          && blocks.inDegree(link.nodes[place]) <= IN_DEGREE_MIN) {
        count = keep(place, count, link);
      }
    }
    // After those that the list holds: it has other neighbours to turn to, and these do not.
    for (int place = 0; place < link.count; place++) {
      if (link.nodes[place] == joining && blocks.inDegree(joining) < IN_DEGREE_MIN) {
        count = keep(place, count, link);
      }
    }
    return count;
  }

  private int keep(int place, int count, LinkScratch link) {
    if (link.isChosen(place, count)) {
      return count;
    }
    if (count < NodeBlocks.LINKS_MAX) {
      link.chosen[count] = place;
      return count + 1;
    }
    replaceLast(place, link);
    return count;
  }

  /** Takes a place from one that is in enough lists, or was not in this one yet. */
  private void replaceLast(int place, LinkScratch link) {
    boolean held = link.lanes[place] != LinkScratch.NEW;
    for (int i = NodeBlocks.LINKS_MAX - 1; i >= 0; i--) {
      int other = link.chosen[i];
      if (blocks.inDegree(link.nodes[other]) > IN_DEGREE_MIN
          || held && link.lanes[other] == LinkScratch.NEW) {
        link.chosen[i] = place;
        return;
      }
    }
  }

  /** Makes a node's list hold what is chosen; what stays in it keeps its lane. */
  private void rewrite(int node, int taken, LinkScratch link) {
    int kept = 0;
    for (int i = 0; i < taken; i++) {
      int lane = link.lanes[link.chosen[i]];
      kept |= lane == LinkScratch.NEW ? 0 : 1 << lane;
    }
    int count = blocks.count(node);
    int gap = 0;
    blocks.beginChange(node);
    for (int i = 0; i < taken; i++) {
      int place = link.chosen[i];
      if (link.lanes[place] != LinkScratch.NEW) {
        continue;
      }
      while (gap < count && (kept >>> gap & 1) != 0) {
        gap++;
      }
      if (gap < count) {
        blocks.addInDegree(blocks.link(node, gap), -1);
      } else {
        count++;
      }
      blocks.setLink(node, gap, link.nodes[place]);
      blocks.addInDegree(link.nodes[place], 1);
      kept |= 1 << gap;
    }
    for (int lane = count - 1; lane >= 0; lane--) {
      if ((kept >>> lane & 1) == 0) {
        blocks.addInDegree(blocks.link(node, lane), -1);
        count--;
        if (lane < count) {
          blocks.moveLink(node, count, lane);
        }
      }
    }
    blocks.setCount(node, count);
    blocks.endChange(node);
  }

  /**
   * Leads a node's links around dead neighbours: to what these led to.
   *
   * @return whether it lost so many links that it wants {@link #relink}
   */
  boolean repair(int node, int linksMin, SearchScratch scratch) {
    Lock lock = blocks.lock(node);
    lock.lock();
    try {
      int count = blocks.count(node);
      int entry = blocks.entry(node);
      int dead = deadLinks(node, count);
      if (dead == 0) {
        return false;
      }
      LinkScratch link = scratch.link();
      link.count = 0;
      if (entry == NodeBlocks.DEAD) {
        // Dies behind the sweep's back: it keeps its living links, to lead on those that pass.
        keepLiving(node, count, link);
        return false;
      }
      long vector = table.vectorAddress(entry);
      for (int lane = 0; lane < count; lane++) {
        addCandidate(blocks.link(node, lane), lane, vector, link);
      }
      for (int lane = 0; lane < count; lane++) {
        int other = blocks.link(node, lane);
        if (blocks.isDead(other)) {
          addLinksOf(other, node, vector, link);
        }
      }
      int taken = selection.choose(link);
      rewrite(node, keepReachable(NONE, taken, link), link);
      // Where most of its neighbours died, theirs did too: what lives is perhaps not near them.
      return blocks.count(node) < linksMin || 2 * dead > count;
    } finally {
      lock.unlock();
    }
  }

  private int deadLinks(int node, int count) {
    int dead = 0;
    for (int lane = 0; lane < count; lane++) {
      dead += blocks.isDead(blocks.link(node, lane)) ? 1 : 0;
    }
    return dead;
  }

  private void keepLiving(int node, int count, LinkScratch link) {
    int taken = 0;
    for (int lane = 0; lane < count; lane++) {
      int other = blocks.link(node, lane);
      if (!blocks.isDead(other)) {
        link.chosen[taken++] = link.count;
        link.add(other, lane, 0, 0);
      }
    }
    rewrite(node, taken, link);
  }

  private void addLinksOf(int dead, int node, long vector, LinkScratch link) {
    int count = blocks.count(dead);
    for (int lane = 0; lane < count; lane++) {
      int other = blocks.link(dead, lane);
      if (other != node && !link.has(other)) {
        addCandidate(other, LinkScratch.NEW, vector, link);
      }
    }
  }

  /** Links a living node anew that hardly any list holds, or whose own holds hardly any. */
  void relink(int node, SearchScratch scratch) {
    int entry = blocks.entry(node);
    if (entry == NodeBlocks.DEAD) {
      return;
    }
    LinkScratch link = scratch.link();
    if (!findNeighbours(entry, scratch)) {
      addPivots(entry, scratch, link);
    }
    int count = selection.choose(link);
    int neighbours = 0;
    for (int i = 0; i < count; i++) {
      int other = link.nodes[link.chosen[i]];
      if (other != node) {
        link.neighbours[neighbours++] = other;
      }
    }
    for (int i = 0; i < neighbours; i++) {
      linkBack(node, link.neighbours[i], scratch);
    }
    for (int i = 0; i < neighbours && blocks.inDegree(node) < IN_DEGREE_MIN; i++) {
      linkBack(link.neighbours[i], node, scratch);
    }
    // Perhaps it and its like are an island now: no greedy walk from elsewhere leads to it.
    graph.beginAt(node);
  }
}
