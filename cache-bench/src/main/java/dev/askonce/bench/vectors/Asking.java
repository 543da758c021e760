package dev.askonce.bench.vectors;

/** An engine at one setting, asked in one mode. One measurement at a time. */
interface Asking {
  /**
   * How many searches were made in how long.
   *
   * @param nanos of all threads together
   */
  record Speed(long searches, long nanos, int threads) {
    static final Speed NONE = new Speed(0, 0, 1);

    Speed plus(Speed other) {
      return new Speed(searches + other.searches, nanos + other.nanos, other.threads);
    }

    double perSecond() {
      return nanos == 0 ? 0 : 1e9 * searches * threads / nanos;
    }
  }

  /**
   * Searches for a time, as fast as it goes.
   *
   * @param first the query to begin with; behind the last comes the first
   */
  Speed run(int first, long nanos, int threads) throws Exception;

  /** Asks every query once on one thread, and takes the time of each. */
  Answers each() throws Exception;
}
