package dev.askonce.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WrongShareTest {
  /** Wilson's interval of 3 in 50, worked out by hand: (0.0984 ± 0.0677) of 1 + 3.8415 / 50. */
  @Test
  void interval_isWilsons() {
    WrongShare share = WrongShare.of(0, 0, 50, 3);
    assertEquals(0.06, share.share(), 1e-9);
    assertEquals(0.0206, share.low(), 1e-4);
    assertEquals(0.1622, share.high(), 1e-4);
  }

  @Test
  void nothingKnown_isAnything() {
    WrongShare share = WrongShare.of(1_000, 0, 0, 0);
    assertTrue(Double.isNaN(share.share()));
    assertEquals(0, share.low(), 1e-9);
    assertEquals(1, share.high());
  }

  @Test
  void reports_raiseTheLowerEndAlone() {
    WrongShare share = WrongShare.of(50, 3, 0, 0);
    assertEquals(0.06, share.share(), 1e-9);
    assertEquals(0.0206, share.low(), 1e-4);
    assertEquals(1, share.high());
    assertEquals(0.0206, WrongShare.of(50, 3, 1_000, 0).low(), 1e-4);
    assertEquals(0.1, WrongShare.of(50, 3, 100, 10).share(), 1e-9);
  }

  @Test
  void allWrong_reportsOfMoreThanWasServed_stayShares() {
    assertEquals(1, WrongShare.of(0, 0, 10, 10).high(), 1e-9);
    WrongShare late = WrongShare.of(1, 3, 0, 0);
    assertTrue(late.low() <= 1 && late.share() <= 1, late.toString());
  }
}
