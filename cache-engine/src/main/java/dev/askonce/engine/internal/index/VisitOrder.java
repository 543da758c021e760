package dev.askonce.engine.internal.index;

/**
 * The estimates of the nodes that a search has visited, best first. Not thread-safe; owned by one
 * search context.
 */
final class VisitOrder {
  private static final int VISITS_MAX = 2048;

  private final float[] estimates = new float[VISITS_MAX];
  private int count;
  private int depth;

  void clear() {
    count = 0;
    depth = 0;
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

  /** A node of this rank was gone on from. */
  void deepen(int rank) {
    depth = Math.max(depth, rank + 1);
  }

  /** {@return the least width at which the search would have come as far as it did} */
  int depth() {
    return depth;
  }
}
