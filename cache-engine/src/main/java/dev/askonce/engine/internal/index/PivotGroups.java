package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.CodeGroup;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;

/**
 * Pivots in groups of what is near each other, so that a search reads the codes of few. Each group
 * has a leader, the code of a pivot that it began with: the pivot nearest to a query is mostly in
 * one of the groups whose leaders are. A leader stays as it is when that pivot leaves.
 *
 * <p>The number of groups is fixed. Threading: {@link #changes}, {@link #choose}, {@link
 * #groupCount}, {@link #read}, {@link #forEach} and {@link #isEmpty} by any thread; all else by one
 * thread at a time. A reader may see a node with the code of another, if {@link #changes} are other
 * ones after than before, and any codes after {@link #release}.
 */
final class PivotGroups {
  /** Groups whose codes a search reads. */
  static final int SCANNED = 4;

  /** Pivots of a group at first, on average. */
  private static final int FILL = CodeGroup.LANES * 3 / 4;

  /** More than these a group, on average, and pivots hardly come to those that they are near. */
  private static final int CROWDED = CodeGroup.LANES * 7 / 8;

  private final IndexSpace space;

  /** Codes of the leaders, a lane a group. */
  private final long[] leaders;

  /** Codes of the pivots. */
  private final long[] groups;

  /** Pivots of each group; written after codes and nodes. */
  private final AtomicIntegerArray sizes;

  /** The pivots; a place is 32 times the group plus the lane. */
  private final int[] nodes;

  /** Odd while a pivot is taken out. */
  private volatile int changes;

  private final int begun;
  private int count;

  /** All that were ever added, those that it began with among them. */
  private int added;

  /** Makes groups of pivots, which are in random order. */
  PivotGroups(IndexSpace space, int[] pivots) {
    this.space = space;
    begun = pivots.length;
    int groupCount = (begun + FILL - 1) / FILL;
    groups = take(groupCount);
    leaders = take((groupCount + CodeGroup.LANES - 1) / CodeGroup.LANES);
    sizes = new AtomicIntegerArray(groupCount);
    nodes = new int[groupCount * CodeGroup.LANES];
    for (int group = 0; group < groupCount; group++) {
      CodeGroup.put(leaderCodes(group), lane(group), space.blocks.code(pivots[group]), space.words);
    }
    for (int pivot : pivots) {
      add(pivot);
    }
  }

  private long[] take(int addresses) {
    long[] taken = new long[addresses];
    for (int i = 0; i < addresses; i++) {
      taken[i] = space.groups.take();
    }
    return taken;
  }

  private long leaderCodes(int group) {
    return leaders[group / CodeGroup.LANES];
  }

  /** {@return the lane of a place, or of a leader} */
  private static int lane(int index) {
    return index % CodeGroup.LANES;
  }

  boolean isEmpty() {
    return nodes.length == 0;
  }

  /**
   * {@return whether pivots should be grouped anew before another comes} They should where groups
   * are full, and where as many came as there were, since they follow what is stored.
   */
  boolean isWorn() {
    return count >= groups.length * CROWDED || added > 2 * begun;
  }

  /** {@return the number of places, of which some are free} */
  int places() {
    return nodes.length;
  }

  boolean isFree(int place) {
    return lane(place) >= sizes.get(place / CodeGroup.LANES);
  }

  int node(int place) {
    return nodes[place];
  }

  /** Adds a pivot to the group of the nearest leader that has room; there must be room. */
  void add(int node) {
    long code = space.blocks.code(node);
    int nearest = -1;
    int least = Integer.MAX_VALUE;
    for (int group = 0; group < groups.length; group++) {
      if (sizes.get(group) < CodeGroup.LANES) {
        int distance = CodeGroup.distance(leaderCodes(group), lane(group), code, space.words);
        if (distance < least) {
          least = distance;
          nearest = group;
        }
      }
    }
    assert nearest >= 0;
    int size = sizes.get(nearest);
    CodeGroup.put(groups[nearest], size, code, space.words);
    nodes[nearest * CodeGroup.LANES + size] = node;
    sizes.setRelease(nearest, size + 1);
    count++;
    added++;
  }

  /** Takes out a pivot; the last of its group takes its place. */
  void remove(int place) {
    int group = place / CodeGroup.LANES;
    int last = sizes.get(group) - 1;
    changes++;
    VarHandle.storeStoreFence();
    CodeGroup.copy(groups[group], last, groups[group], lane(place), space.words);
    nodes[place] = nodes[group * CodeGroup.LANES + last];
    sizes.setRelease(group, last);
    changes++;
    count--;
  }

  void forEach(IntConsumer action) {
    for (int group = 0; group < groups.length; group++) {
      int size = sizes.getAcquire(group);
      for (int lane = 0; lane < size; lane++) {
        action.accept(nodes[group * CodeGroup.LANES + lane]);
      }
    }
  }

  /** Gives the memory back; readers may still be at it. */
  void release() {
    Arrays.stream(leaders).forEach(space.groups::giveBack);
    Arrays.stream(groups).forEach(space.groups::giveBack);
  }

  /** {@return the version of what is read of pivots; odd while one is taken out} */
  int changes() {
    return changes;
  }

  /**
   * Chooses the best pivots: their estimates are in the scratch's entries, they themselves in its
   * links, in the same order.
   */
  void choose(SearchScratch scratch) {
    BestPlaces nearest = scratch.nearestGroups;
    nearest.clear();
    for (int i = 0; i < leaders.length; i++) {
      int first = i * CodeGroup.LANES;
      scan(leaders[i], Math.min(CodeGroup.LANES, groups.length - first), first, nearest, scratch);
    }
    BestPlaces entries = scratch.entries;
    entries.clear();
    for (int i = 0; i < nearest.count(); i++) {
      int group = nearest.place(i);
      int first = group * CodeGroup.LANES;
      scan(groups[group], sizes.getAcquire(group), first, entries, scratch);
    }
    for (int i = 0; i < entries.count(); i++) {
      scratch.links[i] = nodes[entries.place(i)];
    }
  }

  private void scan(long codes, int size, int first, BestPlaces best, SearchScratch scratch) {
    space.kernel.estimate(codes, scratch.planes, scratch.estimates);
    int mask = space.kernel.reaching(scratch.estimates, best.worst());
    mask &= CodeGroup.lanes(size);
    for (; mask != 0; mask &= mask - 1) {
      int lane = Integer.numberOfTrailingZeros(mask);
      best.offer(first + lane, scratch.estimates[lane]);
    }
  }

  int groupCount() {
    return groups.length;
  }

  /**
   * Estimates the pivots of a group, which are in the scratch's links then. {@return one bit for
   * each}
   */
  int read(int group, SearchScratch scratch) {
    int size = sizes.getAcquire(group);
    space.kernel.estimate(groups[group], scratch.planes, scratch.estimates);
    System.arraycopy(nodes, group * CodeGroup.LANES, scratch.links, 0, size);
    return CodeGroup.lanes(size);
  }
}
