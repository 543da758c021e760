package dev.askonce.redis.rig;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Polls for what takes its time, within a bound that only a failure reaches. */
public final class Await {
  private static final Duration TIME_MAX = Duration.ofSeconds(30);

  /** Longer: Sentinels look at a server every ten seconds, and act at the second look. */
  private static final Duration SERVERS_TIME_MAX = Duration.ofSeconds(90);

  private static final long STEP_NANOS = Duration.ofMillis(5).toNanos();

  private Await() {}

  public static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }

  /**
   * @param what is awaited, as seen when the time is over
   */
  public static void until(Supplier<String> what, BooleanSupplier condition) {
    if (!isWithin(TIME_MAX, condition)) {
      throw new AssertionError(late(TIME_MAX, what.get()));
    }
  }

  /** Waits for what servers are to do by themselves. */
  static void servers(Supplier<String> what, BooleanSupplier condition) {
    if (!isWithin(SERVERS_TIME_MAX, condition)) {
      throw new RigFailure(late(SERVERS_TIME_MAX, what.get()));
    }
  }

  private static String late(Duration timeMax, String what) {
    return "not within " + timeMax.toSeconds() + " s: " + what;
  }

  private static boolean isWithin(Duration timeMax, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > timeMax.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
    return true;
  }
}
