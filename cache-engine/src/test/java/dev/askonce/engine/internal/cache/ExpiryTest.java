package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When entries stop to answer, by a clock that the test moves. */
class ExpiryTest extends OpenCacheFixture {
  @Test
  void ttl_over_endsAtTheMillisecondWithoutMaintenance() {
    put("what#1", "so");
    cache.put(
        ACME, "short#1", Answer.text("brief"), PutOptions.DEFAULTS.ttl(Duration.ofMillis(1_500)));
    house.clock.advance(Duration.ofMillis(1_499));
    assertEquals(Optional.of("brief"), answer(ACME, "short#1"));
    assertEquals(Optional.of("brief"), answer(ACME, "short#2"));
    house.clock.advance(Duration.ofMillis(1));
    assertEquals(Optional.empty(), answer(ACME, "short#1"));
    assertEquals(Optional.empty(), answer(ACME, "short#2"));
    Candidates candidates = new Candidates();
    cache.nearest(ACME, FakeEmbedder.vector("short#1"), 0.9f, 8, candidates);
    assertEquals(0, candidates.count());
    assertEquals(Optional.of("so"), answer(ACME, "what#1"));
    house.clock.advance(CacheHouse.HOUR.minusMillis(1_501));
    assertEquals(Optional.of("so"), answer(ACME, "what#2"));
    house.clock.advance(Duration.ofMillis(1));
    assertEquals(Optional.empty(), answer(ACME, "what#1"));
    assertEquals(Optional.empty(), answer(ACME, "what#2"));
  }

  @Test
  void ttl_hit_doesNotSlide() {
    put("what#1", "so");
    for (int i = 0; i < 6; i++) {
      assertTrue(cache.lookup(ACME, "what#1").isHit());
      house.clock.advance(Duration.ofMinutes(10));
    }
    assertFalse(cache.lookup(ACME, "what#1").isHit());
  }

  @Test
  void ttl_overTheLimitOrNotPositive_isRefused() {
    PutOptions over = PutOptions.DEFAULTS.ttl(Duration.ofDays(2).plusMillis(1));
    assertThrows(
        CacheException.InvalidOption.class, () -> cache.put(ACME, "a", Answer.text("b"), over));
    cache.put(ACME, "a", Answer.text("b"), PutOptions.DEFAULTS.ttl(Duration.ofDays(2)));
    for (Duration bad : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
      assertThrows(CacheException.InvalidOption.class, () -> PutOptions.DEFAULTS.ttl(bad));
    }
  }

  @Test
  void maintenance_timeIsOver_removesAndCounts() {
    for (int i = 0; i < 50; i++) {
      put("text " + i, "so");
    }
    cache.put(ACME, "longer", Answer.text("b"), PutOptions.DEFAULTS.ttl(Duration.ofHours(30)));
    // A jump of more turns of the wheel than it has.
    house.clock.advance(Duration.ofHours(29));
    cache.settle();
    assertEquals(Optional.empty(), answer(ACME, "text 7"));
    assertEquals(0, cache.stats().expired(), "the clock may be wrong");
    house.clock.advance(Duration.ofMinutes(5));
    cache.settle();
    assertEquals(50, cache.stats().expired());
    assertEquals(1, cache.stats().entries());
    assertEquals(1, house.answers.size(), "their answers are gone too");
    assertEquals(Optional.of("b"), answer(ACME, "longer"));
  }

  @Test
  void lookup_nearestExpired_findsTheLiveOneBehind() {
    for (int i = 0; i < 20; i++) {
      cache.put(
          ACME,
          FakeEmbedder.vector("what#1"),
          Answer.text("old " + i),
          PutOptions.DEFAULTS.ttl(Duration.ofSeconds(1)));
    }
    put("what#2", "new");
    house.clock.advance(Duration.ofSeconds(1));
    Lookup lookup = cache.lookup(ACME, FakeEmbedder.vector("what#1"), LookupOptions.DEFAULTS);
    assertEquals("new", lookup.answer().orElseThrow().text());
  }
}
