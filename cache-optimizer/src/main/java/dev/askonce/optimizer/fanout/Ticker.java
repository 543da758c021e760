package dev.askonce.optimizer.fanout;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** The time, and waiting for it. */
public interface Ticker {
  /** The machine's. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void await(Condition changed, long nanos) throws InterruptedException {
          changed.await(nanos, TimeUnit.NANOSECONDS);
        }
      };

  /** {@return nanoseconds since some moment} */
  long nanos();

  /** Waits until {@code changed} is signalled, or so many nanoseconds are over. */
  void await(Condition changed, long nanos) throws InterruptedException;
}
