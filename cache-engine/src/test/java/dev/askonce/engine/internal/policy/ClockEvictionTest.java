package dev.askonce.engine.internal.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class ClockEvictionTest {
  @Test
  void victim_noneUsed_goesRound() {
    ClockEviction clock = new ClockEviction();
    clock.reserve(4);
    for (int i = 0; i < 8; i++) {
      assertEquals(i % 4, clock.victim(slot -> true));
    }
  }

  @Test
  void victim_usedSlot_isSparedOnce() {
    ClockEviction clock = new ClockEviction();
    clock.reserve(3);
    clock.used(0);
    assertEquals(1, clock.victim(slot -> true));
    assertEquals(2, clock.victim(slot -> true));
    assertEquals(0, clock.victim(slot -> true));
  }

  @Test
  void victim_allUsed_isFoundInTheSecondRound() {
    ClockEviction clock = new ClockEviction();
    clock.reserve(100);
    for (int slot = 0; slot < 100; slot++) {
      clock.used(slot);
    }
    assertEquals(0, clock.victim(slot -> true));
  }

  @Test
  void victim_fewLive_isOneOfThem() {
    ClockEviction clock = new ClockEviction();
    clock.reserve(1_000);
    BitSet live = new BitSet();
    live.set(17);
    live.set(900);
    clock.used(17);
    assertEquals(900, clock.victim(live::get));
    live.clear(900);
    assertEquals(17, clock.victim(live::get));
    live.clear(17);
    assertEquals(-1, clock.victim(live::get));
    assertEquals(-1, new ClockEviction().victim(slot -> true));
  }

  @Test
  void reserve_more_keepsMarksAndReachesTheNewSlots() {
    ClockEviction clock = new ClockEviction();
    clock.used(5);
    clock.reserve(2);
    clock.used(0);
    clock.used(7);
    clock.reserve(4);
    assertEquals(1, clock.victim(slot -> true));
    BitSet seen = new BitSet();
    for (int i = 0; i < 3; i++) {
      seen.set(clock.victim(slot -> true));
    }
    assertTrue(seen.get(3));
    assertNotEquals(0, seen.cardinality());
  }
}
