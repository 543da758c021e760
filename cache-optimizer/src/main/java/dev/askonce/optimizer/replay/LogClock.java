package dev.askonce.optimizer.replay;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of the log: that of the latest call replayed. Give it to the cache and to every lever of
 * a {@link Replay}, so that what lives for an hour does so by the log. Thread-safe.
 */
public final class LogClock implements InstantSource {
  private volatile Instant now;

  /**
   * @param start before the first call
   */
  public LogClock(Instant start) {
    now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** {@return whether time went on to {@code instant}; it does not go back} */
  synchronized boolean advance(Instant instant) {
    if (instant.isBefore(now)) {
      return false;
    }
    now = instant;
    return true;
  }
}
