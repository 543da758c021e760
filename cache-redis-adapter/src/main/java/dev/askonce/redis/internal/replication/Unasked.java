package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.LoadLease;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The server did not say who loads, perhaps because it, or we, were busy: to be asked again. */
final class Unasked implements LoadLease {
  /** After the first attempt; after each other twice as long as before, up to a limit. */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int DOUBLINGS_MAX = 3;

  private final long sinceNanos;
  private final int attempt;
  private final CountDownLatch arrival;
  private final Runnable left;

  /**
   * @param sinceNanos when the first attempt began
   * @param attempt the number of attempts so far
   * @param arrival of the entry
   * @param left told when the caller waits no more
   */
  Unasked(long sinceNanos, int attempt, CountDownLatch arrival, Runnable left) {
    this.sinceNanos = sinceNanos;
    this.attempt = attempt;
    this.arrival = arrival;
    this.left = left;
  }

  long sinceNanos() {
    return sinceNanos;
  }

  int attempt() {
    return attempt;
  }

  @Override
  public boolean leads() {
    return false;
  }

  @Override
  public boolean await(long nanos) throws InterruptedException {
    long retry = RETRY_NANOS << Math.min(attempt - 1, DOUBLINGS_MAX);
    return arrival.await(Math.min(retry, nanos), TimeUnit.NANOSECONDS) || retry < nanos;
  }

  @Override
  public void release(boolean stored) {
    left.run();
  }
}
