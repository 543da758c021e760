package dev.askonce.optimizer.batch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves where somebody sleeps by it. */
public final class MovingClock implements InstantSource, Pause {
  private Instant now = Instant.parse("2025-11-15T00:00:00Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized void sleep(Duration time) {
    now = now.plus(time);
  }
}
