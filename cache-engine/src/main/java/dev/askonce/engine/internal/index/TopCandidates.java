package dev.askonce.engine.internal.index;

import dev.askonce.engine.Candidates;

/** The best few slots of one search, best first, each once. Owned by one search context. */
public final class TopCandidates {
  /** Depth of a candidate that was in the list: no graph was searched for it. */
  static final int LISTED = -1;

  private final int[] slots = new int[Candidates.COUNT_MAX];
  private final float[] cosines = new float[Candidates.COUNT_MAX];
  private final int[] depths = new int[Candidates.COUNT_MAX];
  private int limit;
  private int count;
  private float floor;
  private float enough;

  /** Forgets all, to keep the best {@code countMax} of what reaches {@code leastCosine}. */
  public void reset(int countMax, float leastCosine) {
    reset(countMax, leastCosine, Float.POSITIVE_INFINITY);
  }

  /**
   * Forgets all, to keep the best {@code countMax} of what reaches {@code leastCosine} until one is
   * found that reaches {@code enoughCosine}: it is as good as any other that does.
   */
  public void reset(int countMax, float leastCosine, float enoughCosine) {
    limit = countMax;
    floor = leastCosine;
    enough = enoughCosine;
    count = 0;
  }

  /** {@return whether the search ends at the first candidate that reaches {@link #target}} */
  boolean isAny() {
    return enough < Float.POSITIVE_INFINITY;
  }

  /** {@return whether nothing better is wanted} */
  boolean isDone() {
    return count > 0 && cosines[0] >= enough;
  }

  /** {@return the cosine from which on candidates count as found} */
  float target() {
    return isAny() ? enough : floor;
  }

  public int count() {
    return count;
  }

  public int slot(int rank) {
    return slots[rank];
  }

  public float cosine(int rank) {
    return cosines[rank];
  }

  /** {@return what {@link #offer} was given with this candidate, see {@link StopCalibration}} */
  int depth(int rank) {
    return depths[rank];
  }

  /** {@return the least cosine that is wanted} */
  float need() {
    return count < limit ? floor : Math.max(floor, cosines[count - 1]);
  }

  /** {@return whether {@link #offer} would take this cosine} */
  boolean wants(float cosine) {
    return count < limit ? cosine >= floor : cosine > cosines[count - 1];
  }

  /** Adds a slot that is wanted, in place of the worst where there is no room. */
  void offer(int slot, float cosine, int depth) {
    for (int i = 0; i < count; i++) {
      if (slots[i] == slot) {
        return;
      }
    }
    int at = count < limit ? count++ : count - 1;
    for (; at > 0 && cosines[at - 1] < cosine; at--) {
      slots[at] = slots[at - 1];
      cosines[at] = cosines[at - 1];
      depths[at] = depths[at - 1];
    }
    slots[at] = slot;
    cosines[at] = cosine;
    depths[at] = depth;
  }
}
