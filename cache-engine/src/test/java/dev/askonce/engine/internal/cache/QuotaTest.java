package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many entries a tenant and a principal may have. */
class QuotaTest {
  private static final Scope ACME = Scope.tenant("acme");
  private static final Scope GLOBEX = Scope.tenant("globex");
  private static final int MAX = 10;

  @TempDir Path directory;

  private CacheHouse house;

  @BeforeEach
  void build() {
    house = new CacheHouse(directory.resolve("store"));
  }

  private static boolean put(LocalSemanticCache cache, Scope scope, String principal, int number) {
    return cache
        .put(
            scope,
            "text" + number + "#1",
            Answer.text("answer"),
            PutOptions.DEFAULTS.provenance(principal))
        .isPresent();
  }

  private static int putAll(LocalSemanticCache cache, Scope scope, String principal, int from) {
    int stored = 0;
    for (int i = 0; i < 2 * MAX; i++) {
      stored += put(cache, scope, principal, from + i) ? 1 : 0;
    }
    return stored;
  }

  @Test
  void tenant_overItsQuota_isDroppedAndOthersAreNot() {
    house.entriesMaxOfTenant = MAX;
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(MAX, putAll(cache, ACME, "", 0));
      assertEquals(MAX, putAll(cache, GLOBEX, "ann", 0));
      assertEquals(2 * MAX, cache.stats().putsOverQuota());
      assertEquals(0, cache.stats().putsDropped());
      cache.settle();
      cache.check();
    }
  }

  @Test
  void principal_overItsQuota_isDroppedInAllTenants() {
    house.entriesMaxOfPrincipal = MAX;
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(MAX, putAll(cache, ACME, "ann", 0));
      assertEquals(0, putAll(cache, GLOBEX, "ann", 100));
      assertEquals(MAX, putAll(cache, ACME, "bob", 200));
      assertEquals(2 * MAX, putAll(cache, ACME, "", 300));
    }
  }

  @Test
  void fullQuota_ownEntryReplaced_isStored() {
    house.entriesMaxOfPrincipal = MAX;
    house.entriesMaxOfTenant = 2 * MAX;
    try (LocalSemanticCache cache = house.open()) {
      putAll(cache, ACME, "ann", 0);
      putAll(cache, ACME, "bob", 100);
      assertTrue(put(cache, ACME, "ann", 0));
      assertTrue(put(cache, ACME, "ann", 1));
      // One more for ann, although one less for bob.
      assertEquals(false, put(cache, ACME, "ann", 100));
      assertEquals(2 * MAX, cache.stats().entries());
      cache.settle();
      cache.check();
    }
  }

  @Test
  void fullTenant_entryOfAnotherPrincipalReplaced_isStored() {
    house.entriesMaxOfPrincipal = 2 * MAX;
    house.entriesMaxOfTenant = MAX;
    try (LocalSemanticCache cache = house.open()) {
      putAll(cache, ACME, "bob", 0);
      assertTrue(put(cache, ACME, "ann", 0));
      assertEquals(MAX, cache.stats().entries());
      cache.settle();
      cache.check();
    }
  }

  @Test
  void quota_entriesThatLeave_giveTheirPlacesBack() {
    house.entriesMaxOfTenant = MAX;
    try (LocalSemanticCache cache = house.open()) {
      putAll(cache, ACME, "ann", 0);
      cache.invalidateProvenance("ann");
      assertEquals(MAX, putAll(cache, ACME, "ann", 0));
      house.clock.advance(CacheHouse.HOUR);
      assertEquals(0, putAll(cache, ACME, "ann", 100), "the clock may be wrong");
      house.clock.advance(Duration.ofMinutes(5));
      assertEquals(MAX, putAll(cache, ACME, "ann", 100));
      cache.settle();
      cache.check();
    }
  }

  @Test
  void quota_entriesFoundAtOpening_count() {
    try (LocalSemanticCache cache = house.open()) {
      putAll(cache, ACME, "ann", 0);
    }
    house.entriesMaxOfTenant = MAX;
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(2 * MAX, cache.stats().entries());
      assertEquals(0, putAll(cache, ACME, "ann", 100));
      assertEquals(MAX, putAll(cache, GLOBEX, "ann", 100));
      cache.settle();
      cache.check();
    }
  }

  @Test
  void manyThreads_atTheQuota_fillItAndNeverExceedIt() {
    house.entriesMaxOfTenant = MAX;
    try (LocalSemanticCache cache = house.open()) {
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        for (int i = 0; i < 8; i++) {
          int from = i * 100;
          threads.execute(() -> putAll(cache, ACME, "ann", from));
        }
      }
      assertEquals(MAX, cache.stats().entries());
      cache.settle();
      cache.check();
    }
  }
}
