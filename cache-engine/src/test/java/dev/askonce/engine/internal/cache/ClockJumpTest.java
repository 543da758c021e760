package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.PutOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a wall clock that jumps does to entries. */
class ClockJumpTest extends OpenCacheFixture {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YEAR = Duration.ofDays(365);

  private void jump(Duration time) {
    house.clock.advance(time);
    cache.settle();
  }

  private void putFor(String text, Duration ttl) {
    cache.put(ACME, text, Answer.text("so"), PutOptions.DEFAULTS.ttl(ttl)).orElseThrow();
  }

  private boolean answers(String text) {
    return cache.lookup(ACME, text).isHit();
  }

  @Test
  void setBack_whatIsOver_staysOver() {
    putFor("short#1", Duration.ofMinutes(3));
    putFor("long#1", Duration.ofHours(30));
    // Over, but for the maintenance, which nobody waits for here.
    house.clock.advance(Duration.ofMinutes(4));
    assertFalse(answers("short#1"));
    cache.settle();
    jump(DAY.negated());
    assertFalse(answers("short#1"));
    assertFalse(answers("short#2"));
    assertTrue(answers("long#2"));
    jump(Duration.ofMinutes(1));
    putFor("new#1", Duration.ofMinutes(3));
    assertTrue(answers("new#2"));
    for (int i = 0; i < 3; i++) {
      jump(Duration.ofMinutes(1));
    }
    assertFalse(answers("new#1"), "its three minutes passed, whatever the day");
  }

  @Test
  void setBack_whileClosed_resurrectsNothing() {
    putFor("short#1", Duration.ofMinutes(3));
    putFor("long#1", Duration.ofHours(30));
    house.clock.advance(Duration.ofMinutes(2));
    cache.settle();
    cache.close();
    house.clock.advance(DAY.negated());
    cache = house.open();
    assertTrue(answers("short#1"), "a minute is left");
    jump(Duration.ofMinutes(1));
    assertFalse(answers("short#1"));
    assertTrue(answers("long#1"));
    cache.close();
    house.clock.advance(DAY.negated());
    cache = house.open();
    assertFalse(answers("short#1"));
    assertTrue(answers("long#1"));
  }

  @Test
  void forwardAndBack_keepsEntries() {
    putFor("kept#1", Duration.ofHours(1));
    jump(YEAR);
    assertFalse(answers("kept#1"), "it may be true");
    putFor("glitch#1", Duration.ofHours(1));
    assertTrue(answers("glitch#1"));
    jump(YEAR.negated());
    assertTrue(answers("kept#1"));
    assertTrue(answers("kept#2"));
    assertFalse(answers("glitch#1"), "nobody knows when it was put");
    assertEquals(0, cache.stats().expired());
    jump(Duration.ofMinutes(4));
    assertTrue(answers("kept#1"));
  }

  @Test
  void forwardForGood_removesWhatIsOver() {
    putFor("over#1", Duration.ofHours(1));
    jump(YEAR);
    jump(Duration.ofMinutes(5));
    assertEquals(1, cache.stats().expired());
    assertEquals(0, cache.stats().entries());
    // And back again: what comes now lives as long as it should.
    jump(YEAR.negated());
    putFor("new#1", Duration.ofMinutes(2));
    assertTrue(answers("new#1"));
    jump(Duration.ofMinutes(2));
    assertFalse(answers("new#1"));
  }
}
