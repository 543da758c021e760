package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.CodeGroup;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.collections.IntArrayList;

/**
 * Where searches of a graph begin: a random sample of its nodes, of which all codes are scanned.
 * They take the place of the upper levels of the paper, whose links would want repair as well.
 *
 * <p>Threading: {@link #enter} by any thread; all else by one thread at a time, under the graph's
 * lock. A reader may see a node with the code of another: a bad place to begin, no more.
 */
final class Pivots {
  /** Pivots that a search begins at. */
  static final int ENTRIES = 2;

  /** Pivots of a graph: so many times the root of its nodes. */
  private static final double SHARE = 3;

  private static final int COUNT_MAX = 2048;

  private final IndexSpace space;
  private final SplittableRandom random = new SplittableRandom(0x9E3779B9);
  private volatile int[] nodes = new int[0];
  private volatile long[] groups = new long[0];
  private volatile int count;

  Pivots(IndexSpace space) {
    this.space = space;
  }

  int count() {
    return count;
  }

  int node(int index) {
    return nodes[index];
  }

  /** {@return how many there should be in a graph of so many nodes} */
  private static int wanted(int graphSize) {
    int root = (int) (SHARE * Math.sqrt(graphSize));
    int whole = (root + CodeGroup.LANES - 1) / CodeGroup.LANES * CodeGroup.LANES;
    return Math.min(graphSize, Math.min(COUNT_MAX, whole));
  }

  /** A node was added, of now {@code graphSize}: perhaps it becomes a pivot. */
  void consider(int node, int graphSize) {
    int wanted = wanted(graphSize);
    if (count < wanted) {
      set(count, node);
      count++;
    } else if (random.nextInt(graphSize) < wanted) {
      // As reservoir sampling does, so that old and new nodes are equally likely.
      set(random.nextInt(count), node);
    }
  }

  /** Makes a node a pivot for sure, in the place of any. */
  void require(int node) {
    set(random.nextInt(count), node);
  }

  /** Puts a node in the place of a pivot. */
  private void set(int index, int node) {
    int group = index / CodeGroup.LANES;
    if (group == groups.length) {
      long[] longer = Arrays.copyOf(groups, group + 1);
      longer[group] = space.groups.take();
      nodes = Arrays.copyOf(nodes, longer.length * CodeGroup.LANES);
      groups = longer;
    }
    CodeGroup.put(groups[group], index % CodeGroup.LANES, space.blocks.code(node), space.words);
    nodes[index] = node;
  }

  /** Puts another node in the place of a pivot that leaves, or nothing where enough are left. */
  void replace(int index, IntArrayList others) {
    if (count > wanted(others.size())) {
      remove(index);
    } else {
      set(index, others.getInt(random.nextInt(others.size())));
    }
  }

  /** Takes out a pivot; the last takes its place. */
  private void remove(int index) {
    int last = count - 1;
    CodeGroup.copy(
        groups[last / CodeGroup.LANES],
        last % CodeGroup.LANES,
        groups[index / CodeGroup.LANES],
        index % CodeGroup.LANES,
        space.words);
    nodes[index] = nodes[last];
    count = last;
  }

  void release() {
    count = 0;
    for (long group : groups) {
      space.groups.giveBack(group);
    }
    groups = new long[0];
  }

  /** Offers the best pivots to the scratch's frontier. */
  void enter(SearchScratch scratch) {
    int end = count;
    long[] currentGroups = groups;
    int[] currentNodes = nodes;
    float[] estimates = scratch.estimates;
    float[] best = scratch.entryEstimates;
    int[] bestNodes = scratch.entryNodes;
    int found = 0;
    float worst = Float.NEGATIVE_INFINITY;
    for (int group = 0; group < currentGroups.length; group++) {
      int start = group * CodeGroup.LANES;
      space.kernel.estimate(currentGroups[group], scratch.planes, estimates);
      int mask = space.kernel.reaching(estimates, worst);
      mask &= end - start >= CodeGroup.LANES ? -1 : (1 << Math.max(0, end - start)) - 1;
      for (; mask != 0; mask &= mask - 1) {
        int lane = Integer.numberOfTrailingZeros(mask);
        float estimate = estimates[lane];
        if (estimate <= worst) {
          continue;
        }
        int at = found < ENTRIES ? found++ : ENTRIES - 1;
        for (; at > 0 && best[at - 1] < estimate; at--) {
          best[at] = best[at - 1];
          bestNodes[at] = bestNodes[at - 1];
        }
        best[at] = estimate;
        bestNodes[at] = currentNodes[start + lane];
        worst = found < ENTRIES ? worst : best[ENTRIES - 1];
      }
    }
    for (int i = 0; i < found; i++) {
      scratch.frontier.offer(bestNodes[i], best[i]);
    }
  }

  /** Offers all pivots: for a search that found no way out of where it began. */
  void enterAll(SearchScratch scratch) {
    int end = count;
    long[] currentGroups = groups;
    int[] currentNodes = nodes;
    for (int group = 0; group < currentGroups.length; group++) {
      space.kernel.estimate(currentGroups[group], scratch.planes, scratch.estimates);
      int start = group * CodeGroup.LANES;
      for (int lane = 0; lane < CodeGroup.LANES && start + lane < end; lane++) {
        scratch.frontier.offer(currentNodes[start + lane], scratch.estimates[lane]);
      }
    }
  }
}
