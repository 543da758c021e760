package dev.askonce.bench.isolation;

import java.util.List;

/**
 * What came of it.
 *
 * @param cycles lookups
 * @param hits of them answered with the own answer
 * @param leaks answered with one of another scope
 * @param wrong answered with another one of their own, with one that was replaced or removed
 *     before, or with one that was never put
 * @param missed without an answer, although it was put before and not replaced or removed meanwhile
 * @param puts and
 * @param invalidations meanwhile
 * @param findings some of what was wrong
 */
public record IsolationReport(
    long cycles,
    long hits,
    long leaks,
    long wrong,
    long missed,
    long puts,
    long invalidations,
    int scopes,
    int questions,
    long seed,
    double seconds,
    List<String> findings) {

  /** {@return whether nothing was wrong} */
  public boolean isGood() {
    return leaks == 0 && wrong == 0 && missed == 0;
  }
}
