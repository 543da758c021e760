package dev.askonce.engine.internal.index;

import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntHashSet;

/**
 * Where searches of a graph begin: a random sample of its nodes, each once. They take the place of
 * the upper levels of the paper, whose links would want repair as well.
 *
 * <p>Threading: {@link #enter}, {@link #enterAll}, {@link #forEach} and {@link #isEmpty} by any
 * thread; all else by one thread at a time, under the graph's lock.
 */
final class Pivots {
  /** Pivots that a search begins at. */
  static final int ENTRIES = 2;

  /** Pivots of a graph: so many times the root of its nodes. */
  private static final double SHARE = 8;

  private static final int COUNT_MAX = 8192;

  private final IndexSpace space;
  private final SplittableRandom random = new SplittableRandom(0x9E3779B9);
  private final IntHashSet members = new IntHashSet();
  private volatile PivotGroups groups;

  Pivots(IndexSpace space) {
    this.space = space;
    groups = new PivotGroups(space, new int[0]);
  }

  /** Takes over what a snapshot knows; these are empty. */
  void load(int[] pivots) {
    for (int pivot : pivots) {
      members.add(pivot);
    }
    group();
  }

  int count() {
    return members.size();
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  /** {@return how many there should be in a graph of so many nodes} */
  private static int wanted(int graphSize) {
    return Math.min(graphSize, Math.min(COUNT_MAX, (int) (SHARE * Math.sqrt(graphSize))));
  }

  /** The last of the graph's nodes was added: perhaps it becomes a pivot. */
  void consider(IntArrayList nodes) {
    // As reservoir sampling does, so that old and new nodes are equally likely.
    if (random.nextInt(nodes.size()) < count()) {
      require(nodes.getInt(nodes.size() - 1));
    }
    if (count() < wanted(nodes.size())) {
      int node = draw(nodes);
      members.add(node);
      add(node);
    }
  }

  /** Makes a node a pivot for sure, in the place of any; there is one at least. */
  void require(int node) {
    if (members.add(node)) {
      int place = random.nextInt(groups.places());
      while (groups.isFree(place)) {
        place = random.nextInt(groups.places());
      }
      members.remove(groups.node(place));
      groups.remove(place);
      add(node);
    }
  }

  private void add(int node) {
    if (groups.isWorn()) {
      group();
    } else {
      groups.add(node);
    }
  }

  /** {@return a random node that is no pivot; there is one at least} */
  private int draw(IntArrayList nodes) {
    int node = nodes.getInt(random.nextInt(nodes.size()));
    while (members.contains(node)) {
      node = nodes.getInt(random.nextInt(nodes.size()));
    }
    return node;
  }

  /** Takes out those that leave the graph, of which {@code nodes} are left. */
  void leave(IntHashSet leaving, IntArrayList nodes) {
    members.removeAll(leaving);
    while (count() < wanted(nodes.size())) {
      members.add(draw(nodes));
    }
    group();
  }

  /** Groups all members, in random order, anew. */
  private void group() {
    int[] pivots = new int[members.size()];
    int filled = 0;
    for (IntHashSet.IntIterator i = members.iterator(); i.hasNext(); ) {
      int other = random.nextInt(filled + 1);
      pivots[filled++] = pivots[other];
      pivots[other] = i.nextValue();
    }
    PivotGroups before = groups;
    groups = new PivotGroups(space, pivots);
    before.release();
  }

  void forEach(IntConsumer action) {
    groups.forEach(action);
  }

  void release() {
    members.clear();
    group();
  }

  /** Offers the best pivots to the scratch's frontier. */
  void enter(SearchScratch scratch) {
    PivotGroups current;
    int changes;
    int left = HnswGraph.READS_MAX;
    do {
      current = groups;
      changes = current.changes();
      current.choose(scratch);
    } while (!isUnchanged(current, changes) && --left > 0);
    BestPlaces entries = scratch.entries;
    for (int i = 0; i < entries.count(); i++) {
      scratch.frontier.offer(scratch.links[i], entries.estimate(i));
    }
  }

  /** {@return whether what was read of the groups since they had this version belongs together} */
  private boolean isUnchanged(PivotGroups current, int changes) {
    VarHandle.acquireFence();
    return (changes & 1) == 0 && current.changes() == changes && groups == current;
  }

  /** Offers all pivots: for a search that found no way out of where it began. */
  void enterAll(SearchScratch scratch) {
    PivotGroups current = groups;
    int left = HnswGraph.READS_MAX;
    for (int group = 0; group < current.groupCount(); ) {
      int changes = current.changes();
      int mask = current.read(group, scratch);
      if (left == 0 || isUnchanged(current, changes)) {
        scratch.frontier.offer(scratch.links, mask, scratch.estimates);
        group++;
      } else {
        left--;
        if (groups != current) {
          current = groups;
          group = 0;
        }
      }
    }
  }
}
