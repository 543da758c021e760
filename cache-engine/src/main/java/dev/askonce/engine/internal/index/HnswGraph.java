package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.kernel.CodeGroup;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.spi.Hash128;
import org.agrona.collections.IntArrayList;

/**
 * A navigable small world graph (Malkov and Yashunin, 2016) over the entries of one scope, as
 * readers see it; {@link HnswLinker} changes it. Its base layer is the paper's; the layers above
 * are replaced by {@link Pivots}.
 *
 * <p>Threading: {@link #search} by any thread while others link and sweep.
 */
final class HnswGraph {
  /*
   * A search visits nodes, best estimate first. Visiting reads the node's block and estimates all
   * its links; the vector of an entry is read only where the estimate may reach what is wanted, so
   * a miss reads none. A search is mostly waiting for the lines of blocks, so all lines of a block
   * are asked for before any is worked on: the arithmetic would keep the reads apart.
   */

  /** Times that a list is read at most: whoever changes it may be waiting for this processor. */
  static final int READS_MAX = 8;

  /** Nodes in sight whose exact cosine is looked at after the last visit. */
  private static final int LEFT_MAX = 64;

  final IndexSpace space;
  final Pivots pivots;

  /** All nodes, dead ones included. Under this graph's monitor. */
  final IntArrayList nodes = new IntArrayList();

  private final EntryTable table;
  private final NodeBlocks blocks;
  private final Kernel kernel;

  HnswGraph(IndexSpace space) {
    this.space = space;
    table = space.table;
    blocks = space.blocks;
    kernel = space.kernel;
    pivots = new Pivots(space);
  }

  /** Takes over the nodes of a snapshot, whose blocks are loaded. */
  void load(IntArrayList loaded, int[] loadedPivots) {
    nodes.addAll(loaded);
    pivots.load(loadedPivots);
  }

  /** Offers the servable entries that a search meets to the scratch's candidates. */
  void search(Hash128 scope, long nowMillis, SearchScratch scratch) {
    if (pivots.isEmpty()) {
      return;
    }
    scratch.prepare();
    TopCandidates top = scratch.top();
    StopCalibration calibration = space.calibration;
    boolean early = space.stopsEarly() && StopCalibration.covers(top.target());
    int full = calibration.full();
    int width = early ? calibration.width(top.isAny(), top.target()) : full;
    // Until it is calibrated every search is observed, then one in many.
    boolean observed = early && (width == full || scratch.nextIsShadow());
    walk(observed ? full : width, scope, nowMillis, scratch);
    if (observed) {
      calibration.observe(top);
    }
  }

  /** Searches in full, that it be known what a search that stops early would have lost. */
  void rehearse(Hash128 scope, long nowMillis, SearchScratch scratch) {
    if (!pivots.isEmpty()) {
      scratch.prepare();
      walk(space.calibration.full(), scope, nowMillis, scratch);
      space.calibration.observeRehearsal(scratch.top());
    }
  }

  private void walk(int width, Hash128 scope, long nowMillis, SearchScratch scratch) {
    Frontier frontier = scratch.frontier;
    VisitOrder order = scratch.order;
    TopCandidates top = scratch.top();
    frontier.clear(width);
    order.clear();
    pivots.enter(scratch);
    float cut = scratch.cut(top.need());
    int reach = width;
    boolean everywhere = false;
    while (!order.isFull()) {
      int place = frontier.take();
      if (place < 0) {
        if (everywhere || order.count() >= reach) {
          break;
        }
        // Too few are linked with where it began: a crowd that links to itself alone.
        everywhere = true;
        order.deepen(order.count());
        pivots.enterAll(scratch);
        continue;
      }
      float estimate = frontier.estimate(place);
      int node = frontier.node(place);
      int entry = blocks.entry(node);
      if (entry == NodeBlocks.DEAD) {
        frontier.discount(place);
      } else {
        int rank = order.visit(estimate);
        if (estimate >= cut && meet(entry, scope, nowMillis, scratch)) {
          if (top.isDone()) {
            return;
          }
          cut = scratch.cut(top.need());
          if (!top.isAny()) {
            // Where one is found others may be near: it does not count.
            frontier.discount(place);
            reach++;
          }
        } else if (rank >= reach) {
          break;
        }
        order.deepen(rank);
      }
      expand(node, scratch);
    }
    lookAtRest(scope, nowMillis, scratch);
  }

  /** Estimates a node's links and offers them to the frontier. */
  void expand(int node, SearchScratch scratch) {
    long block = blocks.address(node);
    scratch.sink += Memory.touch(block, blocks.searchedBytes());
    long version;
    int mask;
    int left = READS_MAX;
    do {
      version = NodeBlocks.version(block);
      mask = read(block, scratch);
    } while (!NodeBlocks.isUnchanged(block, version) && --left > 0);
    scratch.frontier.offer(scratch.links, mask, scratch.estimates);
  }

  /** Estimates a node's links. {@return which the frontier may want, one bit a lane} */
  private int read(long block, SearchScratch scratch) {
    // First: what is appended later has its code later, too.
    int count = NodeBlocks.count(block);
    kernel.estimate(NodeBlocks.codes(block), scratch.planes, scratch.estimates);
    int mask = kernel.reaching(scratch.estimates, scratch.frontier.floor());
    mask &= CodeGroup.lanes(count);
    NodeBlocks.copyLinks(block, mask, scratch.links);
    return mask;
  }

  /** What is in sight and may reach what is wanted is looked at, but not visited. */
  private void lookAtRest(Hash128 scope, long nowMillis, SearchScratch scratch) {
    Frontier frontier = scratch.frontier;
    TopCandidates top = scratch.top();
    int place;
    for (int i = 0; i < LEFT_MAX && (place = frontier.take()) >= 0; i++) {
      if (frontier.estimate(place) < scratch.cut(top.need())) {
        return;
      }
      int entry = blocks.entry(frontier.node(place));
      if (entry != NodeBlocks.DEAD) {
        meet(entry, scope, nowMillis, scratch);
        if (top.isDone()) {
          return;
        }
      }
    }
  }

  /** Offers a node's entries, by their exact cosines. {@return whether one was wanted} */
  private boolean meet(int entry, Hash128 scope, long nowMillis, SearchScratch scratch) {
    TopCandidates top = scratch.top();
    int slot = entry;
    boolean found = false;
    for (int i = 0; i < NodeBlocks.ENTRIES_MAX && slot >= 0 && slot < table.capacity(); i++) {
      float cosine = kernel.dot(scratch.query(), table.vectorAddress(slot));
      if (top.wants(cosine) && table.isServable(slot, scope, nowMillis)) {
        found = true;
        top.offer(slot, cosine, scratch.order.depth());
        if (top.isDone()) {
          return true;
        }
      }
      slot = space.slots.next(slot);
    }
    return found;
  }

  /** Puts a node that is linked among the others. */
  synchronized void add(int node) {
    nodes.addInt(node);
    pivots.consider(nodes);
  }

  /** Makes a node one of those that searches may begin at. */
  synchronized void beginAt(int node) {
    pivots.require(node);
  }

  synchronized boolean isEmpty() {
    return nodes.isEmpty();
  }
}
