package dev.askonce.optimizer.send;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps retries under a share of calls: a token bucket into which each call puts a part of a token
 * and from which each retry takes one. A provider in trouble is then asked little more than one
 * that is well, where {@code attemptsMax} alone would multiply its load. Thread-safe.
 *
 * <p>Of any n calls in a row at most {@code share · n + burst} are followed by a retry.
 */
final class RetryBudget {
  private static final long TOKEN = 1_000_000;

  private final long perCall;
  private final long max;
  private final AtomicLong tokens;

  /**
   * @param share retries a call, 0 or more
   * @param burst retries that are there at the start, and at most
   */
  RetryBudget(double share, int burst) {
    perCall = Math.round(share * TOKEN);
    max = burst * TOKEN;
    tokens = new AtomicLong(max);
  }

  /** Notes a call. */
  void called() {
    tokens.updateAndGet(now -> Math.min(max, now + perCall));
  }

  /** {@return whether there may be a retry, which is then taken note of} */
  boolean take() {
    return tokens.getAndUpdate(now -> now >= TOKEN ? now - TOKEN : now) >= TOKEN;
  }
}
