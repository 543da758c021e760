package dev.askonce.optimizer.audit;

/** How long answers are, in buckets of an eighth of a doubling. Not thread-safe. */
final class Lengths {
  private static final int STEPS = 8;

  private final long[] counts = new long[64 * STEPS];
  private long total;

  void add(long tokens) {
    counts[bucket(tokens)]++;
    total++;
  }

  private static int bucket(long tokens) {
    double doublings = Math.log(Math.max(1, tokens)) / Math.log(2);
    // A hair, so that a limit falls into the bucket that it is the limit of.
    return (int) Math.ceil(STEPS * doublings - 1e-9);
  }

  /** {@return a length that a share of the answers, 0 to 1, does not exceed} */
  long within(double share) {
    long wanted = (long) Math.ceil(share * total);
    long seen = 0;
    int bucket = 0;
    while (bucket < counts.length - 1 && seen + counts[bucket] < wanted) {
      seen += counts[bucket++];
    }
    return (long) Math.floor(Math.pow(2, (double) bucket / STEPS) + 1e-6);
  }
}
