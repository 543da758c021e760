package dev.askonce.redis.rig;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Polls for what takes its time, within a bound that only a failure reaches. */
public final class Await {
  private static final long NANOS_MAX = Duration.ofSeconds(30).toNanos();
  private static final long STEP_NANOS = Duration.ofMillis(5).toNanos();

  private Await() {}

  public static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }

  /**
   * @param what is awaited, as seen when the time is over
   */
  public static void until(Supplier<String> what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > NANOS_MAX) {
        throw new AssertionError("not within " + NANOS_MAX / 1_000_000_000 + " s: " + what.get());
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }
}
