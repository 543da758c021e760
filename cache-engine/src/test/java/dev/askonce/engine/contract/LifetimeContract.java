package dev.askonce.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitId;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.internal.cache.FakeEmbedder;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long entries answer, over closings too, and how many of them there may be. */
abstract class LifetimeContract extends LoadContract {
  @Test
  void ttl_over_endsAtTheMillisecondWithoutMaintenance() {
    put("what#1", "so");
    cache.put(
        ACME, "short#1", Answer.text("brief"), PutOptions.DEFAULTS.ttl(Duration.ofMillis(1_500)));
    clock.advance(Duration.ofMillis(1_499));
    assertEquals(Optional.of("brief"), answer(ACME, "short#1"));
    assertEquals(Optional.of("brief"), answer(ACME, "short#2"));
    clock.advance(Duration.ofMillis(1));
    assertEquals(Optional.empty(), answer(ACME, "short#1"));
    assertEquals(Optional.empty(), answer(ACME, "short#2"));
    Candidates candidates = new Candidates();
    cache.nearest(ACME, FakeEmbedder.vector("short#1"), 0.9f, 8, candidates);
    assertEquals(0, candidates.count());
    assertEquals(Optional.of("so"), answer(ACME, "what#1"));
    clock.advance(HOUR.minusMillis(1_501));
    assertEquals(Optional.of("so"), answer(ACME, "what#2"));
    clock.advance(Duration.ofMillis(1));
    assertEquals(Optional.empty(), answer(ACME, "what#1"));
    assertEquals(Optional.empty(), answer(ACME, "what#2"));
  }

  @Test
  void ttl_hit_doesNotSlide() {
    put("what#1", "so");
    for (int i = 0; i < 6; i++) {
      assertTrue(cache.lookup(ACME, "what#1").isHit());
      clock.advance(Duration.ofMinutes(10));
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
  void lookup_nearestExpired_findsTheLiveOneBehind() {
    for (int i = 0; i < 20; i++) {
      cache.put(
          ACME,
          FakeEmbedder.vector("what#1"),
          Answer.text("old " + i),
          PutOptions.DEFAULTS.ttl(Duration.ofSeconds(1)));
    }
    put("what#2", "new");
    clock.advance(Duration.ofSeconds(1));
    Lookup lookup = cache.lookup(ACME, FakeEmbedder.vector("what#1"), LookupOptions.DEFAULTS);
    assertEquals("new", lookup.answer().orElseThrow().text());
  }

  @Test
  void reopening_keepsWhatWasPutAndNothingThatWasRemoved() {
    put("what#1", "one");
    put("what#1", "two");
    EntryId removed = put("removed#1", "gone");
    cache.put(ACME, FakeEmbedder.vector("vector"), Answer.text("v"), PutOptions.DEFAULTS);
    assertTrue(cache.invalidate(removed));
    cache.put(
        ACME, "short#1", Answer.text("brief"), PutOptions.DEFAULTS.ttl(Duration.ofMinutes(1)));
    clock.advance(Duration.ofMinutes(1));
    reopen(builder -> builder);
    assertTrue(cache.stats().entriesRecovered() >= 2);
    assertEquals(Optional.of("two"), answer(ACME, "what#1"));
    assertEquals(Optional.of("two"), answer(ACME, "what#2"));
    assertTrue(cache.lookup(ACME, FakeEmbedder.vector("vector"), LookupOptions.DEFAULTS).isHit());
    assertEquals(Optional.empty(), answer(ACME, "removed#1"));
    assertEquals(Optional.empty(), answer(ACME, "short#1"));
    assertFalse(cache.invalidate(removed));
  }

  @Test
  void wrong_removesTheEntryAndThatIsKept() {
    put("what#1", "so");
    HitId hit = cache.lookup(ACME, "what#1").hit().orElseThrow().hitId();
    cache.wrong(hit);
    assertEquals(Optional.empty(), answer(ACME, "what#1"));
    assertEquals(Optional.empty(), answer(ACME, "what#2"));
    reopen(builder -> builder);
    assertEquals(Optional.empty(), answer(ACME, "what#1"));
    put("what#1", "better");
    assertEquals(Optional.of("better"), answer(ACME, "what#1"));
  }

  @Test
  void put_afterInvalidation_answersAtOnce() {
    for (int i = 0; i < 20; i++) {
      put("what#1", "answer " + i);
      assertEquals(Optional.of("answer " + i), answer(ACME, "what#1"));
      switch (i % 3) {
        case 0 -> assertEquals(1, cache.invalidateScope(ACME));
        case 1 -> assertEquals(1, cache.invalidateTenant("acme"));
        default -> {
          Hit hit = cache.lookup(ACME, "what#1").hit().orElseThrow();
          assertTrue(cache.invalidate(hit.id()));
        }
      }
      assertEquals(Optional.empty(), answer(ACME, "what#1"));
    }
  }

  @Test
  void quota_overIt_isDroppedAndOthersAreNot() {
    reopen(builder -> builder.entriesMaxOfTenant(20).entriesMaxOfPrincipal(10));
    assertEquals(10, putAll(ACME, "ann"));
    assertEquals(10, putAll(ACME, "bob"));
    assertEquals(0, putAll(ACME, "eve"));
    assertEquals(10, putAll(Scope.tenant("globex"), "eve"));
    assertEquals(20 + 20 + 30 + 20 - 30, cache.stats().putsOverQuota());
    assertEquals(30, cache.stats().entries());
    cache.invalidateProvenance("ann");
    assertEquals(10, putAll(ACME, "fay"));
  }

  private int putAll(Scope scope, String principal) {
    int stored = 0;
    for (int i = 0; i < (principal.equals("eve") && scope == ACME ? 30 : 20); i++) {
      PutOptions options = PutOptions.DEFAULTS.provenance(principal);
      stored +=
          cache.put(scope, principal + i + "#1", Answer.text("so"), options).isPresent() ? 1 : 0;
    }
    return stored;
  }

  @Test
  void open_secondTime_isRefused() {
    assertThrows(CacheException.Locked.class, () -> openAt(directory.resolve("store")));
    put("what#1", "so");
    assertEquals(Optional.of("so"), answer(ACME, "what#1"));
  }

  @Test
  void lookup_thresholdOfOne_findsTheVeryVector() {
    LookupOptions same = LookupOptions.DEFAULTS.threshold(1);
    for (int i = 0; i < 200; i++) {
      float[] vector = FakeEmbedder.vector("vector " + i);
      cache.put(ACME, vector, Answer.text("answer " + i), PutOptions.DEFAULTS);
      assertTrue(cache.lookup(ACME, vector, same).isHit(), "vector " + i);
    }
    float[] near = FakeEmbedder.vector("vector 3");
    near[0] += 0.05f;
    assertFalse(cache.lookup(ACME, near, same).isHit());
  }
}
