package dev.askonce.engine.internal.index;

/**
 * The estimates of the nodes that a search has visited, best first, and for each {@linkplain
 * StopRule#step step} of the best estimate the greatest rank at which it visited a node. Not
 * thread-safe; owned by one search context.
 */
final class VisitOrder {
  private static final int VISITS_MAX = 2048;

  /** Ranks are kept in a byte each, one more than they are; 0 means none, no byte is 255. */
  static final int RANK_MAX = 253;

  private final float[] estimates = new float[VISITS_MAX];
  private int count;
  private long ranks;

  void clear() {
    count = 0;
    ranks = 0;
  }

  /** {@return how many nodes the search has visited} */
  int count() {
    return count;
  }

  boolean isFull() {
    return count == VISITS_MAX;
  }

  /**
   * {@return the number of visited nodes with a better estimate; the node counts as visited now}
   */
  int visit(float estimate) {
    int at = count++;
    for (; at > 0 && estimates[at - 1] < estimate; at--) {
      estimates[at] = estimates[at - 1];
    }
    estimates[at] = estimate;
    return at;
  }

  /** Notes a rank, at a step of the best estimate. */
  void note(int rank, int step) {
    int shift = step * Byte.SIZE;
    long known = ranks >>> shift & 0xFF;
    long value = Math.min(rank, RANK_MAX) + 1;
    if (value > known) {
      ranks += (value - known) << shift;
    }
  }

  /** {@return the greatest ranks so far, packed} */
  long ranks() {
    return ranks;
  }

  /** {@return the greatest rank noted at a step, or -1} */
  static int rank(long ranks, int step) {
    return (int) (ranks >>> step * Byte.SIZE & 0xFF) - 1;
  }
}
