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

  /**
   * Takes note of what the caller will not see: exceptions, and errors of the code or of a mapped
   * file ({@link InternalError}).
   *
   * @throws VirtualMachineError if it is any other of these: out of memory or stack, nobody can go
   *     on as if nothing had happened
   */
  public void swallow(Throwable trouble) {
    if (trouble instanceof VirtualMachineError fatal && !(fatal instanceof InternalError)) {
      throw fatal;
    }
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
