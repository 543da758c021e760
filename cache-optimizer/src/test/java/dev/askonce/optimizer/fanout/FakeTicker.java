package dev.askonce.optimizer.fanout;

import java.time.Duration;
import java.util.concurrent.locks.Condition;

/** Time that passes where somebody waits for it, and only there. */
final class FakeTicker implements Ticker {
  private static final long SOME_DAY_NANOS = Duration.ofDays(1).toNanos();

  private long nanos = 1_000;

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public void await(Condition changed, long wait) throws InterruptedException {
    if (wait > SOME_DAY_NANOS) {
      changed.await();
    } else {
      synchronized (this) {
        nanos += wait;
      }
    }
  }
}
