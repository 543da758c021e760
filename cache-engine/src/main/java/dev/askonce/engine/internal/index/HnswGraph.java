package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.LongHeap;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import org.agrona.collections.IntArrayList;

/**
 * A hierarchical navigable small world graph (Malkov and Yashunin, 2016) over the entries of one
 * scope, as readers see it; {@link HnswLinker} changes it. The paper's M is {@link
 * GraphBlocks#LINKS_ABOVE}, its M0 {@link GraphBlocks#LINKS_BASE}, its ef {@link #SEARCH_BEAM}.
 *
 * <p>Threading: {@link #search} by any thread while the one linking thread changes links. A reader
 * sees a list before or after a change, or a mixture of both: all of them neighbours.
 */
public final class HnswGraph {
  private static final int SEARCH_BEAM = 64;
  private static final int DEAD_MAX = 2048;
  private static final int EMPTY = -1;

  final EntryTable table;
  final GraphBlocks blocks;
  final Kernel kernel;

  /** All nodes, dead ones included. Of the linking thread. */
  final IntArrayList nodes = new IntArrayList();

  /** Slot of the entry point, or {@link #EMPTY}. */
  private volatile int entry = EMPTY;

  /** Level of the entry point. Written before {@link #entry}. */
  private volatile int entryLevel;

  public HnswGraph(EntryTable table, GraphBlocks blocks, Kernel kernel) {
    this.table = table;
    this.blocks = blocks;
    this.kernel = kernel;
  }

  boolean isEmpty() {
    return entry == EMPTY;
  }

  int entry() {
    return entry;
  }

  int entryLevel() {
    return entryLevel;
  }

  void setEntry(int slot, int level) {
    entryLevel = level;
    entry = slot;
  }

  void setEmpty() {
    entry = EMPTY;
  }

  boolean isLive(int slot) {
    return SlotRecord.state(table.commitAcquire(slot)) == SlotRecord.LIVE;
  }

  boolean contains(int slot) {
    return blocks.baseBlock(slot) != GraphBlocks.NONE;
  }

  /** Offers the servable slots that a beam search meets and that reach the floor. */
  void search(Hash128 scope, long nowMillis, SearchScratch scratch) {
    int from = entry;
    if (from == EMPTY) {
      return;
    }
    from = descend(scratch.query(), from, entryLevel, 0);
    beam(scratch.query(), from, SEARCH_BEAM, 0, scratch, scope, nowMillis);
  }

  /** {@return the slot that a greedy walk from {@code slot} reaches above {@code toLevel}} */
  int descend(float[] query, int slot, int fromLevel, int toLevel) {
    float best = kernel.dot(query, table.vectorAddress(slot));
    for (int level = fromLevel; level > toLevel; level--) {
      for (boolean moved = true; moved; ) {
        moved = false;
        int block = blocks.block(slot, level);
        int count = block == GraphBlocks.NONE ? 0 : blocks.count(block);
        for (int i = 0; i < count; i++) {
          int link = blocks.link(block, i);
          if (contains(link)) {
            float cosine = kernel.dot(query, table.vectorAddress(link));
            if (cosine > best) {
              best = cosine;
              slot = link;
              moved = true;
            }
          }
        }
      }
    }
    return slot;
  }

  /**
   * A best-first search at one level. Leaves the best {@code width} living nodes in the scratch's
   * beam; offers servable ones to its candidates where {@code scope} is not null.
   *
   * <p>Dead nodes are passed through and take no place in the beam, or a crowd of them would hide
   * what lives behind it; but only the first {@link #DEAD_MAX}, so that no search is without end.
   */
  void beam(
      float[] query,
      int from,
      int width,
      int level,
      SearchScratch scratch,
      Hash128 scope,
      long nowMillis) {
    LongHeap frontier = scratch.frontier;
    LongHeap beam = scratch.beam;
    frontier.clear();
    beam.clear();
    scratch.deadLeft = DEAD_MAX;
    scratch.visited.clear(table.capacity());
    scratch.visited.add(from);
    meet(kernel.dot(query, table.vectorAddress(from)), from, width, scratch, scope, nowMillis);
    while (frontier.size() > 0) {
      long nearest = frontier.pop();
      if (beam.size() == width && -LongHeap.score(nearest) < LongHeap.score(beam.top())) {
        break;
      }
      int block = blocks.block(LongHeap.slot(nearest), level);
      if (block != GraphBlocks.NONE) {
        expand(query, block, width, scratch, scope, nowMillis);
      }
    }
  }

  private void expand(
      float[] query, int block, int width, SearchScratch scratch, Hash128 scope, long nowMillis) {
    int count = blocks.count(block);
    int[] batch = scratch.batch;
    float[] dots = scratch.dots;
    int fill = 0;
    for (int i = 0; i < count; i++) {
      int link = blocks.link(block, i);
      if (contains(link) && scratch.visited.add(link)) {
        batch[fill++] = link;
      }
      if (fill == batch.length) {
        // Four at a time: the query's registers are loaded once and four reads overlap.
        kernel.dot4(
            query,
            table.vectorAddress(batch[0]),
            table.vectorAddress(batch[1]),
            table.vectorAddress(batch[2]),
            table.vectorAddress(batch[3]),
            dots);
        for (int j = 0; j < fill; j++) {
          meet(dots[j], batch[j], width, scratch, scope, nowMillis);
        }
        fill = 0;
      }
    }
    for (int j = 0; j < fill; j++) {
      float cosine = kernel.dot(query, table.vectorAddress(batch[j]));
      meet(cosine, batch[j], width, scratch, scope, nowMillis);
    }
  }

  private void meet(
      float cosine, int slot, int width, SearchScratch scratch, Hash128 scope, long nowMillis) {
    LongHeap beam = scratch.beam;
    if (beam.size() < width || cosine > LongHeap.score(beam.top())) {
      if (!scratch.frontier.isFull()) {
        scratch.frontier.push(LongHeap.pack(-cosine, slot));
      }
      if (isLive(slot) || --scratch.deadLeft < 0) {
        if (beam.size() == width) {
          beam.pop();
        }
        beam.push(LongHeap.pack(cosine, slot));
      }
    }
    if (scope != null && scratch.top().wants(cosine) && table.isServable(slot, scope, nowMillis)) {
      scratch.top().offer(slot, cosine);
    }
  }
}
