package dev.askonce.engine.internal.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpiryWheelTest {
  private static final long START = 1_700_000_000_000L;

  private static List<Integer> pollAll(ExpiryWheel wheel, long now) {
    List<Integer> due = new ArrayList<>();
    while (wheel.poll(now, 512, due::add)) {}
    return due;
  }

  @Test
  void poll_randomDeadlines_proposesEachInTimeAndNoneEarly() {
    Random random = TestSeed.random("ExpiryWheelTest", 51);
    ExpiryWheel wheel = new ExpiryWheel(START);
    Map<Integer, Long> expires = new HashMap<>();
    long now = START;
    int slot = 0;
    for (int step = 0; step < 2_000; step++) {
      for (int i = random.nextInt(5); i > 0; i--) {
        long ttl = random.nextInt(8) == 0 ? random.nextInt(90_000_000) : random.nextInt(60_000);
        wheel.schedule(slot, now + ttl);
        expires.put(slot++, now + ttl);
      }
      now += random.nextInt(50) == 0 ? random.nextInt(10_000_000) : random.nextInt(2_000);
      for (int due : pollAll(wheel, now)) {
        assertTrue(expires.remove(due) <= now, "slot " + due + " is early or proposed twice");
      }
      for (long left : expires.values()) {
        assertTrue(left > now - 2 * ExpiryWheel.TICK_MILLIS, now - left + " ms late");
      }
    }
    pollAll(wheel, now + 100_000_000);
    assertEquals(0, wheel.size());
  }

  @Test
  void poll_limit_isKept() {
    ExpiryWheel wheel = new ExpiryWheel(START);
    for (int slot = 0; slot < 1_000; slot++) {
      wheel.schedule(slot, START + 5_000);
    }
    BitSet due = new BitSet();
    int rounds = 0;
    for (boolean more = true; more; rounds++) {
      int before = due.cardinality();
      more = wheel.poll(START + 10_000, 100, due::set);
      assertTrue(due.cardinality() - before <= 100);
    }
    assertEquals(1_000, due.cardinality());
    assertTrue(rounds < 100, rounds + " rounds");
  }

  @Test
  void poll_clockSetBack_waits() {
    ExpiryWheel wheel = new ExpiryWheel(START);
    wheel.schedule(1, START + 5_000);
    assertEquals(List.of(), pollAll(wheel, START - 1_000_000));
    assertEquals(List.of(), pollAll(wheel, START + 4_999));
    assertEquals(List.of(1), pollAll(wheel, START + 5_000 + 2 * ExpiryWheel.TICK_MILLIS));
  }

  /** A bulk load gives hundreds of thousands of entries the same second. */
  @Test
  void schedule_manyOfTheSameTime_takesRoomForEachOnce() {
    ExpiryWheel wheel = new ExpiryWheel(START);
    int count = 300_000;
    for (int slot = 0; slot < count; slot++) {
      wheel.schedule(slot, START + 3_600_000 + slot % 1_000);
    }
    assertEquals(count, pollAll(wheel, START + 3_610_000).size());
  }

  /** Entries that are replaced long before their time do not pile up. */
  @Test
  void schedule_sameSlotAgain_replacesItsTime() {
    ExpiryWheel wheel = new ExpiryWheel(START);
    for (int round = 0; round < 100_000; round++) {
      wheel.schedule(round % 10, START + 1_000_000 + round);
    }
    assertEquals(10, wheel.size());
    wheel.schedule(3, START + 9_000_000);
    assertEquals(9, pollAll(wheel, START + 2_000_000).size());
    assertEquals(List.of(3), pollAll(wheel, START + 9_010_000));
  }
}
