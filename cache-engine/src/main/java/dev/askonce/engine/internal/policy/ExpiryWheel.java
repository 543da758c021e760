package dev.askonce.engine.internal.policy;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2LongHashMap;

/**
 * Says when entries are over, to within {@link #TICK_MILLIS}: a timer wheel after Varghese and
 * Lauck (1987). It only proposes: an entry that was removed or replaced earlier keeps its timer, so
 * the caller looks at the entry before removing it. Under the writer's lock.
 */
public final class ExpiryWheel {
  /** How late an entry may be proposed. No lookup is answered with it meanwhile. */
  public static final long TICK_MILLIS = 1024;

  private static final int TICKS = 4096;
  private static final long NO_SLOT = -1;

  private final DeadlineTimerWheel wheel;
  private final Long2LongHashMap slotByTimer = new Long2LongHashMap(NO_SLOT);

  public ExpiryWheel(long nowMillis) {
    wheel = new DeadlineTimerWheel(TimeUnit.MILLISECONDS, nowMillis, TICK_MILLIS, TICKS);
  }

  public void schedule(int slot, long expiresMillis) {
    slotByTimer.put(wheel.scheduleTimer(expiresMillis), slot);
  }

  /** {@return the number of timers, those of entries already gone included} */
  public long size() {
    return wheel.timerCount();
  }

  /**
   * Hands over slots whose time came.
   *
   * @return whether there may be more at once
   */
  public boolean poll(long nowMillis, int slotsMax, IntConsumer due) {
    int polled = 0;
    for (int tick = 0; tick < TICKS && isBehind(nowMillis) && polled < slotsMax; tick++) {
      polled +=
          wheel.poll(
              nowMillis,
              (unit, now, timer) -> {
                due.accept((int) slotByTimer.remove(timer));
                return true;
              },
              slotsMax - polled);
    }
    return isBehind(nowMillis);
  }

  private boolean isBehind(long nowMillis) {
    return wheel.currentTickTime() <= nowMillis;
  }
}
