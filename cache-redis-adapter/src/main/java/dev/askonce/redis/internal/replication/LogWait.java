package dev.askonce.redis.internal.replication;

import dev.askonce.redis.internal.server.StreamId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wait until what is in a log now is here. Threading: any thread. */
final class LogWait {
  /** How a wait ended. */
  enum Result {
    /** All of it is here, or the one entry that is waited for. */
    READ,
    /** Nothing comes in any more. */
    STUCK,
    /** The caller can wait no longer. */
    TIME_OVER
  }

  /** As long as the lease of a dead cache lasts. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A scope that is being loaded may take long, and a model less. */
  private static final long JOIN_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  /** Between two looks: few where many wait on a busy machine. */
  private static final long POLL_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long POLL_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(32);

  private final Counters counters;

  LogWait(Counters counters) {
    this.counters = counters;
  }

  /**
   * Waits.
   *
   * @param end the last record that is waited for
   * @param arrival of the entry that it is all about
   */
  Result await(Subscription stream, StreamId end, CountDownLatch arrival, long nanos)
      throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    long still = 0;
    long received = counters.received.sum();
    long poll = POLL_NANOS_MIN;
    while (stream.position.compareTo(end) < 0) {
      long left = deadline - System.nanoTime();
      if (arrival.await(Math.min(poll, left), TimeUnit.NANOSECONDS)) {
        break;
      }
      if (left <= poll) {
        return Result.TIME_OVER;
      }
      boolean isTailed = stream.isTailed();
      long before = received;
      received = counters.received.sum();
      // In looks and not by a clock: where this thread gets no processor, who reads gets none.
      still = isTailed && received != before ? 0 : still + poll;
      if (still > (isTailed ? STUCK_NANOS : JOIN_NANOS_MAX)) {
        return Result.STUCK;
      }
      poll = Math.min(2 * poll, POLL_NANOS_MAX);
    }
    return Result.READ;
  }
}
