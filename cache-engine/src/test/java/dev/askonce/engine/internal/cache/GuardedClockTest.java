package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GuardedClockTest {
  private static final long MINUTE = 60_000;
  private static final long DAY = 24 * 60 * MINUTE;

  private final CacheHouse.Clock wall = new CacheHouse.Clock();
  private final long start = wall.millis();
  private final GuardedClock clock = new GuardedClock(wall, 0);

  private void move(long millis) {
    wall.advance(Duration.ofMillis(millis));
  }

  private void requireTimes(long now, long sure) {
    assertEquals(now, clock.nowMillis() - start, "now");
    assertEquals(sure, clock.sureMillis() - start, "sure");
  }

  @Test
  void clock_thatGoesOn_isBelieved() {
    for (int i = 1; i <= 10; i++) {
      move(5 * MINUTE);
      clock.observe();
      requireTimes(i * 5 * MINUTE, i * 5 * MINUTE);
    }
  }

  @Test
  void clock_setBackALittle_standsStillUntilItHasCaughtUp() {
    move(-4 * MINUTE);
    clock.observe();
    requireTimes(0, 0);
    move(3 * MINUTE);
    clock.observe();
    requireTimes(0, 0);
    move(2 * MINUTE);
    clock.observe();
    requireTimes(MINUTE, MINUTE);
  }

  @Test
  void clock_setBackADay_goesOnFromWhereItWas() {
    move(-DAY);
    assertEquals(start, clock.nowMillis(), "before anybody looked");
    clock.observe();
    move(MINUTE);
    clock.observe();
    requireTimes(MINUTE, MINUTE);
  }

  @Test
  void clock_forwardForAMoment_removesNothing() {
    move(365 * DAY);
    clock.observe();
    requireTimes(365 * DAY, 0);
    move(4 * MINUTE);
    clock.observe();
    requireTimes(365 * DAY + 4 * MINUTE, 0);
    move(-365 * DAY);
    clock.observe();
    requireTimes(4 * MINUTE, 4 * MINUTE);
    move(365 * DAY);
    clock.observe();
    move(MINUTE);
    clock.observe();
    requireTimes(365 * DAY + 5 * MINUTE, 4 * MINUTE);
  }

  @Test
  void clock_forwardForLonger_isBelieved() {
    move(DAY);
    clock.observe();
    move(5 * MINUTE);
    clock.observe();
    requireTimes(DAY + 5 * MINUTE, DAY + 5 * MINUTE);
    move(-DAY);
    clock.observe();
    move(MINUTE);
    requireTimes(DAY + 6 * MINUTE, DAY + 5 * MINUTE);
  }

  @Test
  void opening_beforeWhatWasSeen_goesOnFromThere() {
    GuardedClock later = new GuardedClock(wall, start + DAY);
    assertEquals(start + DAY, later.nowMillis());
    move(MINUTE);
    assertEquals(start + DAY + MINUTE, later.nowMillis());
    assertEquals(start + DAY, later.sureMillis());
  }

  @Test
  void sureTime_neverGoesBack() {
    Random random = TestSeed.random("GuardedClockTest", 71);
    long sure = clock.sureMillis();
    for (int i = 0; i < 100_000; i++) {
      long reach = random.nextInt(20) == 0 ? 2 * DAY : 2 * MINUTE;
      move(random.nextLong(-reach, reach));
      assertTrue(clock.nowMillis() >= sure);
      clock.observe();
      assertTrue(clock.sureMillis() >= sure, "step " + i);
      assertTrue(clock.nowMillis() >= clock.sureMillis(), "step " + i);
      sure = clock.sureMillis();
    }
  }
}
