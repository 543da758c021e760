package dev.askonce.engine.internal.index;

import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntHashSet;

/**
 * Where searches of a graph begin: a random sample of its nodes. They take the place of the upper
 * levels of the paper, whose links would want repair as well.
 *
 * <p>Threading: {@link #enter}, {@link #enterAll} and {@link #forEach} by any thread; all else by
 * one thread at a time, under the graph's lock.
 */
final class Pivots {
  /** Pivots that a search begins at. */
  static final int ENTRIES = 2;

  /** Pivots of a graph: so many times the root of its nodes. */
  private static final double SHARE = 8;

  private static final int COUNT_MAX = 8192;

  private final IndexSpace space;
  private final SplittableRandom random = new SplittableRandom(0x9E3779B9);
  private volatile PivotGroups groups;

  Pivots(IndexSpace space) {
    this.space = space;
    groups = new PivotGroups(space, new int[0], 0);
  }

  int count() {
    return groups.count();
  }

  /** {@return how many there should be in a graph of so many nodes} */
  private static int wanted(int graphSize) {
    return Math.min(graphSize, Math.min(COUNT_MAX, (int) (SHARE * Math.sqrt(graphSize))));
  }

  /** A node was added, of now {@code graphSize}: perhaps it becomes a pivot. */
  void consider(int node, int graphSize) {
    int wanted = wanted(graphSize);
    if (count() < wanted) {
      add(node);
    } else if (random.nextInt(graphSize) < wanted) {
      // As reservoir sampling does, so that old and new nodes are equally likely.
      require(node);
    }
  }

  /** Makes a node a pivot for sure, in the place of any. */
  void require(int node) {
    int place = random.nextInt(groups.places());
    while (groups.isFree(place)) {
      place = random.nextInt(groups.places());
    }
    groups.remove(place);
    add(node);
  }

  private void add(int node) {
    if (groups.isCrowded()) {
      groupAnew(node);
    } else {
      groups.add(node);
    }
  }

  /** Takes out those that leave the graph, of which {@code nodes} are left. */
  void leave(IntHashSet leaving, IntArrayList nodes) {
    for (int place = groups.places() - 1; place >= 0; place--) {
      if (!groups.isFree(place) && leaving.contains(groups.node(place))) {
        groups.remove(place);
      }
    }
    while (count() < wanted(nodes.size())) {
      add(nodes.getInt(random.nextInt(nodes.size())));
    }
    if (groups.isSparse()) {
      groupAnew();
    }
  }

  private void groupAnew(int... joining) {
    IntArrayList all = new IntArrayList();
    forEach(all::addInt);
    for (int node : joining) {
      all.addInt(node);
    }
    int[] pivots = all.toIntArray();
    for (int i = pivots.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int moved = pivots[i];
      pivots[i] = pivots[other];
      pivots[other] = moved;
    }
    PivotGroups before = groups;
    groups = new PivotGroups(space, pivots, pivots.length);
    before.release();
  }

  void forEach(IntConsumer action) {
    groups.forEach(action);
  }

  void release() {
    PivotGroups before = groups;
    groups = new PivotGroups(space, new int[0], 0);
    before.release();
  }

  /** Offers the best pivots to the scratch's frontier. */
  void enter(SearchScratch scratch) {
    groups.enter(scratch);
  }

  /** Offers all pivots: for a search that found no way out of where it began. */
  void enterAll(SearchScratch scratch) {
    groups.enterAll(scratch);
  }
}
