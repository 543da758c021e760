package dev.askonce.optimizer.chat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where trouble of a lever ends, so that the request goes on: counted always, logged at most once a
 * minute, by type alone, since a message may quote a prompt. Thread-safe.
 */
public final class FailOpen {
  private static final Logger LOGGER = LoggerFactory.getLogger(FailOpen.class);
  private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

  private final String lever;
  private final InstantSource clock;
  private final LongAdder count = new LongAdder();
  private final AtomicReference<Instant> logged = new AtomicReference<>(Instant.MIN);

  public FailOpen(String lever, InstantSource clock) {
    this.lever = lever;
    this.clock = clock;
  }

  /** Takes note of an exception that the caller will not see. */
  public void swallow(RuntimeException trouble) {
    count.increment();
    Instant now = clock.instant();
    Instant last = logged.get();
    boolean due = last == Instant.MIN || !now.isBefore(last.plus(LOG_INTERVAL));
    if (due && logged.compareAndSet(last, now)) {
      LOGGER.warn(
          "{} failed with {} and was passed over; {} times since the start",
          lever,
          trouble.getClass().getName(),
          count.sum());
    }
  }

  /** {@return how often} */
  public long count() {
    return count.sum();
  }
}
