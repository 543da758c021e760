package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.LoadLease;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Another cache loads: the wait for what it publishes, or for its lease to end without that. */
final class Followed implements LoadLease {
  /** How long is waited before a look whether the lease is still there, and at last. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long LOOK_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  private final Commands commands;
  private final LogWait logWait;
  private final Subscription stream;
  private final String name;
  private final CountDownLatch arrival;
  private final Runnable left;

  /**
   * @param name of the lease
   * @param arrival of the entry
   * @param left told when the caller waits no more
   */
  Followed(
      Commands commands,
      LogWait logWait,
      Subscription stream,
      String name,
      CountDownLatch arrival,
      Runnable left) {
    this.commands = commands;
    this.logWait = logWait;
    this.stream = stream;
    this.name = name;
    this.arrival = arrival;
    this.left = left;
  }

  @Override
  public boolean leads() {
    return false;
  }

  @Override
  public boolean await(long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    long look = LOOK_NANOS;
    try {
      for (long left = nanos; ; left = deadline - System.nanoTime()) {
        if (arrival.await(Math.min(left, look), TimeUnit.NANOSECONDS)) {
          return true;
        }
        left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        look = Math.min(2 * look, LOOK_NANOS_MAX);
        if (commands.holder(stream.shard, name).isEmpty()) {
          return logWait.await(stream, commands.last(stream), arrival, left)
              != LogWait.Result.TIME_OVER;
        }
      }
    } catch (LinkDown e) {
      // Whoever asks again learns whether that passes.
      return true;
    }
  }

  @Override
  public void release(boolean stored) {
    left.run();
  }
}
