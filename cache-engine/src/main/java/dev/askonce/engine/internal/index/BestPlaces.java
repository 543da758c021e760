package dev.askonce.engine.internal.index;

/** The few places of the best estimates among many, best first. Not thread-safe. */
final class BestPlaces {
  private final float[] estimates;
  private final int[] places;
  private int count;

  BestPlaces(int countMax) {
    estimates = new float[countMax];
    places = new int[countMax];
  }

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  int place(int rank) {
    return places[rank];
  }

  float estimate(int rank) {
    return estimates[rank];
  }

  /** {@return what an estimate must exceed to be among the best} */
  float worst() {
    return count < estimates.length ? Float.NEGATIVE_INFINITY : estimates[count - 1];
  }

  void offer(int place, float estimate) {
    if (estimate <= worst()) {
      return;
    }
    int at = count < estimates.length ? count++ : count - 1;
    for (; at > 0 && estimates[at - 1] < estimate; at--) {
      estimates[at] = estimates[at - 1];
      places[at] = places[at - 1];
    }
    estimates[at] = estimate;
    places[at] = place;
  }
}
