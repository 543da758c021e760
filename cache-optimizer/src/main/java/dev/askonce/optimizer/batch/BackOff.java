package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.chat.ChatException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait between looks: half as long again after each that found nothing new, with a
 * tenth more or less at random, so that many jobs do not ask at once. Not thread-safe.
 */
final class BackOff {
  private static final double GROWTH = 1.5;
  private static final double JITTER = 0.1;

  private final Duration min;
  private final Duration max;
  private final RandomGenerator random;
  private double millis;

  BackOff(Duration min, Duration max, RandomGenerator random) {
    if (!min.isPositive() || min.compareTo(max) > 0) {
      throw new ChatException.InvalidSetting(
          "polling between " + min + " and " + max + " is no range of times");
    }
    this.min = min;
    this.max = max;
    this.random = random;
    millis = min.toMillis();
  }

  /** {@return the time until the next look} */
  Duration next(boolean foundSomething) {
    if (foundSomething) {
      millis = min.toMillis();
    }
    double jittered = millis * (1 + JITTER * (2 * random.nextDouble() - 1));
    millis = Math.min(millis * GROWTH, max.toMillis());
    return Duration.ofMillis(Math.max(1, Math.round(jittered)));
  }
}
