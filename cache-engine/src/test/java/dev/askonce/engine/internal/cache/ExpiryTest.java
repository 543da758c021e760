package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.engine.Answer;
import dev.askonce.engine.PutOptions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When entries stop to answer, by a clock that the test moves. */
class ExpiryTest extends OpenCacheFixture {
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
}
