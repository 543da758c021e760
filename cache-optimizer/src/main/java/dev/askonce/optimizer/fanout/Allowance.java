package dev.askonce.optimizer.fanout;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A provider's limit on requests or tokens, as a bucket that fills steadily: unlimited until a
 * reply tells its size. Not thread-safe.
 */
final class Allowance {
  private static final double MINUTE_NANOS = 60e9;

  private final String kind;
  private boolean known;
  private double limit;
  private double level;
  private double perNano;
  private long atNanos;
  private double inFlight;

  /**
   * @param kind {@code requests} or {@code tokens}, as in the headers
   */
  Allowance(String kind) {
    this.kind = kind;
  }

  /** {@return the wait until so much is there, in nanoseconds} */
  long delayNanos(long now, double cost) {
    if (!known) {
      return 0;
    }
    refill(now);
    // What costs more than the bucket holds is asked when it is full: the provider may say no.
    double missing = Math.min(cost, limit) - level;
    return missing <= 0 ? 0 : (long) Math.ceil(missing / perNano);
  }

  void take(long now, double cost) {
    refill(now);
    level -= cost;
    inFlight += cost;
  }

  void release(double cost) {
    inFlight -= cost;
  }

  void giveBack(double cost) {
    release(cost);
    level += cost;
  }

  private void refill(long now) {
    level = Math.min(limit, level + (now - atNanos) * perNano);
    atNanos = now;
  }

  /** Learns from a reply, whose own cost was released already. */
  void observe(long now, RateHeaders headers) {
    OptionalDouble size = headers.number("x-ratelimit-limit-" + kind);
    OptionalDouble remaining = headers.number("x-ratelimit-remaining-" + kind);
    if (size.isEmpty() || remaining.isEmpty() || size.getAsDouble() < 1) {
      return;
    }
    limit = size.getAsDouble();
    double left = Math.min(limit, remaining.getAsDouble());
    Optional<Duration> reset = headers.span("x-ratelimit-reset-" + kind);
    long resetNanos = reset.map(Duration::toNanos).orElse(0L);
    if (resetNanos > 0 && left < limit) {
      perNano = (limit - left) / resetNanos;
    } else if (!known) {
      perNano = limit / MINUTE_NANOS;
    }
    if (known) {
      refill(now);
      // Others may use the same key, so the provider's figure is a bound. With requests under way
      // ours is lower and knows of those that the provider has not seen.
      level = inFlight > 0 ? Math.min(level, left) : left;
    } else {
      level = left - inFlight;
      atNanos = now;
      known = true;
    }
  }
}
