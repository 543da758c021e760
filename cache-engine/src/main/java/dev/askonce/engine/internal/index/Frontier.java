package dev.askonce.engine.internal.index;

import java.util.Arrays;

/**
 * The nodes that a search has seen and not yet visited, best estimate first, and how many it has
 * seen. Not thread-safe; owned by one search context.
 */
final class Frontier {
  /*
   * Estimates fall into 512 buckets of 0.0025, each a stack; one bit a bucket says whether it holds
   * anything. Offering and taking cost a few instructions and no unpredictable branch: a sorted
   * beam cost more than reading the block (1.0 µs a hop against 0.45 with this, beam 128).
   *
   * `worst` is the bucket of the width-th best node seen: what falls below is not taken, since it
   * would never be visited.
   *
   * Who was taken in is kept in a hash table that cannot fill up. It must forget nobody: two
   * neighbours that were forgotten in turn would be visited in turn, and nothing else.
   */
  private static final int BUCKETS = 512;

  private static final float LEAST = -0.2f;
  private static final float SCALE = BUCKETS / 1.3f;
  private static final int NODES_MAX = 8192;
  private static final int SEEN_SHIFT = 18;
  private static final int SEEN = 1 << (Integer.SIZE - SEEN_SHIFT);
  private static final int ROUNDS = Integer.MAX_VALUE / NodeBlocks.NODES_MAX;
  private static final int NONE = -1;

  private final int[] heads = new int[BUCKETS];
  private final int[] counts = new int[BUCKETS];
  private final long[] filled = new long[BUCKETS / Long.SIZE];
  private final int[] nodes = new int[NODES_MAX];
  private final float[] estimates = new float[NODES_MAX];
  private final int[] nexts = new int[NODES_MAX];
  private final int[] seen = new int[SEEN];

  private int size;
  private int width;
  private int worst;
  private int counted;
  private int round;

  /** Forgets all, to keep the {@code width} best in sight. */
  void clear(int newWidth) {
    Arrays.fill(heads, NONE);
    Arrays.fill(counts, 0);
    Arrays.fill(filled, 0);
    if (++round > ROUNDS - 1) {
      Arrays.fill(seen, 0);
      round = 1;
    }
    size = 0;
    width = newWidth;
    worst = 0;
    counted = 0;
  }

  /** {@return an estimate that what is offered must reach} */
  float floor() {
    return worst == 0 ? Float.NEGATIVE_INFINITY : worst / SCALE + LEAST;
  }

  /** Offers the nodes of a list whose bit is set in {@code mask}. */
  void offer(int[] laneNodes, int mask, float[] laneEstimates) {
    for (int left = mask; left != 0; left &= left - 1) {
      int lane = Integer.numberOfTrailingZeros(left);
      offer(laneNodes[lane], laneEstimates[lane]);
    }
  }

  void offer(int node, float estimate) {
    int bucket = bucket(estimate);
    if (bucket < worst || size == NODES_MAX || !isNew(node)) {
      return;
    }
    nodes[size] = node;
    estimates[size] = estimate;
    nexts[size] = heads[bucket];
    heads[bucket] = size++;
    filled[bucket >>> 6] |= 1L << bucket;
    counts[bucket]++;
    counted++;
    while (counted - counts[worst] >= width) {
      counted -= counts[worst++];
    }
  }

  /** Marks a node as seen. {@return whether it was not} */
  private boolean isNew(int node) {
    int first = round * NodeBlocks.NODES_MAX;
    int mark = first | node;
    int place = (node * 0x9E3779B1) >>> SEEN_SHIFT;
    // What is below `first` was seen by an earlier search: nothing to this one.
    for (int other = seen[place]; other >= first; other = seen[place]) {
      if (other == mark) {
        return false;
      }
      place = (place + 1) & (SEEN - 1);
    }
    seen[place] = mark;
    return true;
  }

  private static int bucket(float estimate) {
    return Math.clamp((int) ((estimate - LEAST) * SCALE), 0, BUCKETS - 1);
  }

  /** {@return the place of the best node, taken out, or -1 where nothing in sight is left} */
  int take() {
    int bucket = bestBucket();
    if (bucket < worst) {
      return NONE;
    }
    int place = heads[bucket];
    heads[bucket] = nexts[place];
    if (nexts[place] == NONE) {
      filled[bucket >>> 6] &= ~(1L << bucket);
    }
    return place;
  }

  private int bestBucket() {
    for (int word = filled.length - 1; word >= 0; word--) {
      if (filled[word] != 0) {
        return (word << 6) + Long.SIZE - 1 - Long.numberOfLeadingZeros(filled[word]);
      }
    }
    return NONE;
  }

  /** Counts a node that was taken, and is dead or found, as if it had not been seen. */
  void discount(int place) {
    int bucket = bucket(estimates[place]);
    if (bucket >= worst) {
      counts[bucket]--;
      counted--;
      // A crowd of dead nodes must not keep out of sight what lives behind it.
      while (counted < width && worst > 0) {
        counted += counts[--worst];
      }
    }
  }

  int node(int place) {
    return nodes[place];
  }

  float estimate(int place) {
    return estimates[place];
  }
}
