package dev.askonce.optimizer.send;

import dev.askonce.optimizer.chat.ChatException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How often, and after how long, a target is tried again. Immutable; start from {@link #DEFAULTS}.
 *
 * <p>The wait before the n-th retry is {@code backoffFirst · 2ⁿ⁻¹}, at most {@code backoffMax},
 * times a random factor from 0.5 to 1, so that those who failed together do not come back together.
 * What the provider says in {@code retry-after} is waited in full, and a random part of the backoff
 * more; a target that asks for more than {@code retryAfterMax} is not waited for.
 *
 * @param attemptsMax tries of one target, the first among them, from 1
 * @param retryAfterMax the longest wait that a provider may ask for
 * @param timeMax since a call began; later no try begins
 */
public record RetryPolicy(
    int attemptsMax,
    Duration backoffFirst,
    Duration backoffMax,
    Duration retryAfterMax,
    Duration timeMax) {
  /** Three tries, half a second to eight seconds apart; ten seconds if told; two minutes in all. */
  public static final RetryPolicy DEFAULTS =
      new RetryPolicy(
          3,
          Duration.ofMillis(500),
          Duration.ofSeconds(8),
          Duration.ofSeconds(10),
          Duration.ofMinutes(2));

  public RetryPolicy {
    if (attemptsMax < 1) {
      throw new ChatException.InvalidSetting("attemptsMax " + attemptsMax + " is below 1");
    }
    for (Duration time : new Duration[] {backoffFirst, backoffMax, retryAfterMax, timeMax}) {
      if (time.isNegative()) {
        throw new ChatException.InvalidSetting("a time of " + time + " is negative");
      }
    }
  }

  public RetryPolicy attemptsMax(int value) {
    return new RetryPolicy(value, backoffFirst, backoffMax, retryAfterMax, timeMax);
  }

  public RetryPolicy backoff(Duration first, Duration max) {
    return new RetryPolicy(attemptsMax, first, max, retryAfterMax, timeMax);
  }

  public RetryPolicy retryAfterMax(Duration value) {
    return new RetryPolicy(attemptsMax, backoffFirst, backoffMax, value, timeMax);
  }

  public RetryPolicy timeMax(Duration value) {
    return new RetryPolicy(attemptsMax, backoffFirst, backoffMax, retryAfterMax, value);
  }

  /** {@return the wait before a retry, from 1, or empty where it would be too long} */
  Optional<Duration> wait(int retry, Optional<Duration> told, RandomGenerator random) {
    double backoffNanos =
        Math.min(
            backoffMax.toNanos(), backoffFirst.toNanos() * Math.pow(2, Math.min(retry, 60) - 1));
    if (told.isEmpty()) {
      return Optional.of(Duration.ofNanos((long) (backoffNanos * (0.5 + random.nextDouble() / 2))));
    }
    return told.filter(time -> time.compareTo(retryAfterMax) <= 0)
        .map(time -> time.plusNanos((long) (backoffNanos * random.nextDouble() / 2)));
  }
}
