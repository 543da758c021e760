package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.Texts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** How a scope comes to a cache, and leaves it. */
class RedisJoinTest extends FleetFixture {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final int SCOPES = 20;

  @Test
  void scopeOfWhichNobodyHasAnything_leaves() {
    fleet.settings = builder -> Fleet.quick(builder).idleAfter(Duration.ofSeconds(1));
    Fleet.Member a = fleet.member("a");
    for (int i = 0; i < 50; i++) {
      assertFalse(a.cache().lookup(SCOPE.with("of", "" + i), "q").isHit());
    }
    assertEquals(50, a.stats().scopes());
    Await.until(() -> "all have left: " + a.stats(), () -> a.stats().scopes() == 0);
  }

  @Test
  void joiningWhileOthersPut_publishesNothingOfTheirs() throws InterruptedException {
    fleet.cacheSettings = cache -> cache.entriesMax(100_000);
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "first", Answer.text("x"));
    AtomicBoolean more = new AtomicBoolean(true);
    Thread putting =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; more.get() && i < 20_000; i++) {
                    a.cache().put(SCOPE, "more" + i % 1_000, Answer.text("x" + i));
                  }
                });
    try {
      Fleet.Member b = fleet.member("b");
      b.cache().put(Scope.tenant("none"), "q", Answer.text("x"));
      b.awaitAnswer(SCOPE, "first", "x");
      Await.until("joined", () -> b.stats().scopesJoining() == 0);
      b.awaitPublished();
      // Its own, and that the first was of use.
      assertTrue(b.stats().published() <= 4, () -> "" + b.stats());
    } finally {
      more.set(false);
      putting.join();
    }
  }

  @Test
  void removalThatWasRemembered_whenTheCacheWasKilled_isDone() {
    Fleet.Member a = fleet.member("a");
    AtomicLong ahead = new AtomicLong();
    fleet.cacheSettings = cache -> cache.clock(() -> Instant.now().plusMillis(ahead.get()));
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    b.awaitAnswer(SCOPE, "q", "x");
    // The removal is older than what was published here last.
    ahead.set(60_000);
    Await.until(
        "a checkpoint of that time",
        () -> {
          b.cache().put(SCOPE, "later", Answer.text("x"));
          return b.checkpoint().isPresent()
              && b.checkpoint().get().publishedBeforeMillis() > System.currentTimeMillis() + 30_000;
        });
    b.close();
    assertTrue(a.cache().invalidate(a.cache().lookup(SCOPE, "q").hit().orElseThrow().id()));
    a.awaitPublished();
    a.removals().forEach(b::remember);
    b.open();
    b.awaitMiss(SCOPE, "q");
  }

  @Test
  void scope_isNotLoadedBeforeRemovalsAreKnown() {
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "removed", Answer.text("x"), PutOptions.DEFAULTS.tags("t"));
    a.cache().put(SCOPE, "kept", Answer.text("x"));
    a.awaitPublished();
    a.cache().invalidateTag("t");
    a.awaitPublished();
    try (FaultyProxy proxy = new FaultyProxy(server.port())) {
      proxy.fault(FaultyProxy.CUT);
      Fleet.Member b = fleet.memberAt("b", proxy.uri());
      // By now it tries again after more than a second, and would answer from what it has.
      Await.until(() -> "it has tried: " + b.stats(), () -> failures(b) >= 6);
      proxy.fault(FaultyProxy.NONE);
      Await.until(
          "it has joined",
          () -> {
            assertFalse(b.cache().lookup(SCOPE, "removed").isHit());
            return b.has(SCOPE, "kept", "x");
          });
      b.close();
      fleet.members().remove(b);
    }
  }

  @Test
  void tenantDeletedWhileACacheWasAway_comesBackIntoNoLog() {
    Fleet.Member a = fleet.member("a");
    try (FaultyProxy proxy = new FaultyProxy(server.port())) {
      Fleet.Member b = fleet.memberAt("b", proxy.uri());
      for (int i = 0; i < SCOPES; i++) {
        b.cache().put(SCOPE.with("of", "" + i), "q", Answer.text("x"));
      }
      b.awaitPublished();
      Await.until(() -> "all are read: " + b.stats(), () -> b.stats().received() >= SCOPES);
      Await.until(() -> "all are indexed: " + server.keys(), () -> logs() == SCOPES && indexed());
      proxy.fault(FaultyProxy.CUT);
      proxy.cutAll();
      a.cache().invalidateTenant("acme");
      Await.until(() -> "logs are deleted: " + server.keys(), () -> logs() == 0);
      long joins = b.stats().joins();
      proxy.fault(FaultyProxy.NONE);
      Await.until(
          () -> "all are compared: " + b.stats(), () -> b.stats().joins() >= joins + SCOPES);
      b.awaitPublished();
      assertEquals(0, logs(), () -> "" + server.keys());
      b.close();
      fleet.members().remove(b);
    }
  }

  private static long logs() {
    return server.keys().stream().filter(key -> key.contains(":log:")).count();
  }

  private static boolean indexed() {
    return server.keys().stream()
        .filter(key -> key.contains(":tenant:"))
        .anyMatch(key -> (Long) server.command(Command.SCARD, key) == SCOPES);
  }

  private static long failures(Fleet.Member member) {
    return member.stats().troubles().values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void openingThatFails_letsTheStoreBeOpened() {
    Fleet.Member a = fleet.member("a");
    Path store = directory.resolve("b");
    RedisReplication used =
        RedisReplication.at(server.uri()).secret(Fleet.secret((byte) 1)).build();
    try (SemanticCache b = SemanticCache.at(store).embedder(new Texts()).replication(used).open()) {
      var again = SemanticCache.at(directory.resolve("c")).embedder(new Texts()).replication(used);
      assertThrows(IllegalStateException.class, again::open);
      b.put(SCOPE, "q", Answer.text("x"));
      a.awaitAnswer(SCOPE, "q", "x");
    }
    Fleet.Member c = fleet.member("c");
    c.awaitAnswer(SCOPE, "q", "x");
  }
}
