package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.VectorCode;
import java.util.Arrays;

/** Candidates for a node's list, and the choice among them. Not thread-safe. */
final class LinkScratch {
  /** A link and the links of all its dead neighbours, at most. */
  private static final int CANDIDATES_MAX = NodeBlocks.LINKS_MAX * (NodeBlocks.LINKS_MAX + 1);

  /** Lane of a candidate that is not in the list yet. */
  static final int NEW = -1;

  final VectorCode code;

  /** Places in the arrays below, each with its cosine above it, to be sorted. */
  final long[] order = new long[CANDIDATES_MAX];

  final int[] nodes = new int[CANDIDATES_MAX];
  final int[] lanes = new int[CANDIDATES_MAX];
  final long[] vectors = new long[CANDIDATES_MAX];
  final float[] cosines = new float[CANDIDATES_MAX];

  /** Places that only just failed to be chosen. */
  final int[] narrow = new int[CANDIDATES_MAX];

  /** Places chosen for the list. */
  final int[] chosen = new int[NodeBlocks.LINKS_MAX];

  /** The nodes of {@link #chosen}, for use after this scratch is needed again. */
  final int[] neighbours = new int[NodeBlocks.LINKS_MAX];

  int count;

  LinkScratch(int dimension) {
    code = new VectorCode(dimension);
  }

  boolean isFull() {
    return count == CANDIDATES_MAX;
  }

  void add(int node, int lane, long vector, float cosine) {
    nodes[count] = node;
    lanes[count] = lane;
    vectors[count] = vector;
    cosines[count] = cosine;
    count++;
  }

  boolean has(int node) {
    for (int i = 0; i < count; i++) {
      if (nodes[i] == node) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether a place is among the first {@code taken} chosen} */
  boolean isChosen(int place, int taken) {
    for (int i = 0; i < taken; i++) {
      if (chosen[i] == place) {
        return true;
      }
    }
    return false;
  }

  /**
   * Appends the nearest that are not chosen, up to {@code end} places; after {@link #sort}.
   * {@return how many are chosen now}
   */
  int fill(int taken, int end) {
    int now = taken;
    for (int rank = 0; rank < count && now < end; rank++) {
      int place = place(rank);
      if (!isChosen(place, taken)) {
        chosen[now++] = place;
      }
    }
    return now;
  }

  /** Sorts the places by cosine, worst first. */
  void sort() {
    for (int i = 0; i < count; i++) {
      order[i] = sortable(cosines[i], i);
    }
    Arrays.sort(order, 0, count);
  }

  /** {@return the place of the {@code rank}-th best, from 0; after {@link #sort}} */
  int place(int rank) {
    return (int) order[count - 1 - rank];
  }

  /** {@return both as one long that sorts by cosine, then place} */
  private static long sortable(float cosine, int place) {
    int bits = Float.floatToRawIntBits(cosine);
    return (long) (bits ^ bits >> 31 & 0x7FFFFFFF) << 32 | place;
  }
}
