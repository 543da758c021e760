package dev.askonce.optimizer.fanout;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * What a provider's limits leave, learned from its replies; for all fan-outs of one key and model.
 * Thread-safe.
 *
 * <p>Two buckets, of requests and of tokens, follow the {@code x-ratelimit} headers. How many are
 * asked at once begins at four, grows by one with each answer and is halved when the provider says
 * 429, as TCP does (additive increase, multiplicative decrease; Chiu and Jain, 1989); then all wait
 * as long as it asks, but never longer than a minute at a time.
 */
public final class RateLimits {
  private static final int WINDOW_START = 4;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final long RETRY_AFTER_NANOS_MAX = Duration.ofMinutes(1).toNanos();
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int DOUBLINGS_MAX = 6;

  private final InstantSource clock;
  private final Allowance requests = new Allowance("requests");
  private final Allowance tokens = new Allowance("tokens");
  private int window = WINDOW_START;
  private int inFlight;
  private int refusals;
  private boolean paused;
  private long pausedUntilNanos;
  private boolean cut;
  private long cutNanos;

  public RateLimits() {
    this(InstantSource.system());
  }

  /**
   * @param clock for a {@code retry-after} that is a date
   */
  public RateLimits(InstantSource clock) {
    this.clock = clock;
  }

  /** {@return the most requests to ask at once, as of now} */
  synchronized int window() {
    return window;
  }

  /** {@return whether as many are asked as may be} */
  synchronized boolean isFull() {
    return inFlight >= window;
  }

  /** {@return the wait until a request may be asked, in nanoseconds} */
  synchronized long delayNanos(long now, double cost) {
    long pause = paused ? Math.max(0, pausedUntilNanos - now) : 0;
    return Math.max(pause, Math.max(requests.delayNanos(now, 1), tokens.delayNanos(now, cost)));
  }

  synchronized void take(long now, double cost) {
    inFlight++;
    requests.take(now, 1);
    tokens.take(now, cost);
  }

  /** Ends a request without a reply. */
  synchronized void release(double cost) {
    inFlight--;
    requests.release(1);
    tokens.release(cost);
  }

  /** Ends a request that never reached the provider. */
  synchronized void giveBack(double cost) {
    inFlight--;
    requests.giveBack(1);
    tokens.giveBack(cost);
  }

  /**
   * Ends a request with a reply.
   *
   * @param startedNanos when it was asked
   * @param windowMax the window grows no larger
   */
  synchronized void observe(
      long now,
      long startedNanos,
      double cost,
      int status,
      Map<String, List<String>> headers,
      int windowMax) {
    release(cost);
    RateHeaders rates = new RateHeaders(headers);
    requests.observe(now, rates);
    tokens.observe(now, rates);
    if (status != TOO_MANY_REQUESTS) {
      refusals = 0;
      window = Math.min(windowMax, window + 1);
      return;
    }
    // Those that were under way at the last cut say nothing new.
    if (!cut || startedNanos - cutNanos > 0) {
      cut = true;
      cutNanos = now;
      window = Math.max(1, window / 2);
      refusals++;
    }
    long backOff = PAUSE_NANOS << Math.min(refusals - 1, DOUBLINGS_MAX);
    long wait = rates.retryAfter(clock.instant()).map(Duration::toNanos).orElse(backOff);
    long until = now + Math.min(wait, RETRY_AFTER_NANOS_MAX);
    if (!paused || until - pausedUntilNanos > 0) {
      paused = true;
      pausedUntilNanos = until;
    }
  }
}
