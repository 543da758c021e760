package dev.askonce.engine.internal.index;

import dev.askonce.engine.Candidates;

/** The best few slots of one search, best first, each once. Owned by one search context. */
public final class TopCandidates {
  private final int[] slots = new int[Candidates.COUNT_MAX];
  private final float[] cosines = new float[Candidates.COUNT_MAX];
  private int limit;
  private int count;
  private float floor;

  /** Forgets all, to keep the best {@code countMax} of what reaches {@code leastCosine}. */
  public void reset(int countMax, float leastCosine) {
    limit = countMax;
    floor = leastCosine;
    count = 0;
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

  /** {@return whether {@link #offer} would take this cosine} */
  boolean wants(float cosine) {
    return count < limit ? cosine >= floor : cosine > cosines[count - 1];
  }

  /** Adds a slot that is wanted, in place of the worst where there is no room. */
  void offer(int slot, float cosine) {
    for (int i = 0; i < count; i++) {
      if (slots[i] == slot) {
        return;
      }
    }
    int at = count < limit ? count++ : count - 1;
    for (; at > 0 && cosines[at - 1] < cosine; at--) {
      slots[at] = slots[at - 1];
      cosines[at] = cosines[at - 1];
    }
    slots[at] = slot;
    cosines[at] = cosine;
  }
}
