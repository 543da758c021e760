package dev.askonce.bench.isolation;

import static dev.askonce.bench.data.InputException.require;

/**
 * What is asked of how many.
 *
 * @param lookups from 1,000
 * @param scopes that ask the same, from 2 to 4,096
 * @param questions that each scope may ask, from 1 to 65,536
 * @param threads that ask at the same time, from 1 to 64
 */
public record IsolationSettings(long lookups, int scopes, int questions, int threads, long seed) {
  public IsolationSettings {
    require(lookups >= 1_000, lookups + " lookups are less than 1000");
    require(scopes >= 2 && scopes <= 4_096, scopes + " scopes are not from 2 to 4096");
    require(questions >= 1 && questions <= 65_536, questions + " questions not from 1 to 65536");
    require((long) scopes * questions <= 1 << 22, "scopes times questions are over 4194304");
    require(threads >= 1 && threads <= 64, threads + " threads are not from 1 to 64");
  }
}
