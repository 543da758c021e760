package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.Fleet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Caches that share through one server, while all goes well. */
class RedisReplicationTest extends FleetFixture {
  private static final Scope SCOPE = Scope.tenant("acme");

  @Test
  void put_isAHitOnAnother() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    assertFalse(b.cache().lookup(SCOPE, "q").isHit());
    a.cache().put(SCOPE, "q", Answer.text("x"));
    assertTrue(a.has(SCOPE, "q", "x"));
    b.awaitAnswer(SCOPE, "q", "x");
    assertEquals(1, b.stats().entriesStored());
    assertEquals(0, a.stats().entriesStored());
  }

  @Test
  void joining_loadsWhatWasThereBefore() {
    Fleet.Member a = fleet.member("a");
    for (int i = 0; i < 1_000; i++) {
      a.cache().put(SCOPE, "q" + i, Answer.text("x" + i));
    }
    a.awaitPublished();
    Fleet.Member b = fleet.member("b");
    for (int i = 0; i < 1_000; i++) {
      b.awaitAnswer(SCOPE, "q" + i, "x" + i);
    }
  }

  @Test
  void everyKindOfInvalidation_reachesOthers() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    PutOptions options = PutOptions.DEFAULTS.tags("doc").provenance("bot");
    for (String text : new String[] {"entry", "tag", "scope", "tenant", "principal"}) {
      Scope scope = SCOPE.with("of", text.equals("scope") ? "scope" : "others");
      a.cache().put(scope, text, Answer.text("x"), options);
      b.awaitAnswer(scope, text, "x");
      switch (text) {
        case "entry" -> {
          var id = b.cache().lookup(scope, text).hit().orElseThrow().id();
          assertTrue(b.cache().invalidate(id));
        }
        case "tag" -> assertEquals(1, b.cache().invalidateTag("doc"));
        case "scope" -> assertEquals(1, b.cache().invalidateScope(scope));
        case "tenant" -> assertEquals(1, b.cache().invalidateTenant("acme"));
        default -> assertEquals(1, b.cache().invalidateProvenance("bot"));
      }
      assertFalse(b.cache().lookup(scope, text).isHit());
      a.awaitMiss(scope, text);
      a.cache().put(scope, text, Answer.text("again"), options);
      b.awaitAnswer(scope, text, "again");
      a.cache().invalidateTag("doc");
      b.awaitMiss(scope, text);
    }
  }

  @Test
  void wrong_removesTheEntryEverywhere() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    b.awaitAnswer(SCOPE, "q", "x");
    b.cache().wrong(b.cache().lookup(SCOPE, "q").hit().orElseThrow().hitId());
    a.awaitMiss(SCOPE, "q");
  }

  @Test
  void tenantDeletion_deletesItsLogsOnTheServer() {
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    Await.until(
        "the scope is in its tenant's index",
        () -> server.keys().stream().anyMatch(key -> key.contains(":tenant:")));
    assertTrue(server.keys().stream().anyMatch(key -> key.contains(":log:")));
    a.cache().invalidateTenant("acme");
    Await.until(
        () -> "no log is left: " + server.keys(),
        () ->
            server.keys().stream()
                .noneMatch(key -> key.contains(":log:") || key.contains(":tenant:")));
  }

  @Test
  void reopened_missesNothingThatHappenedMeanwhile() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "kept", Answer.text("1"));
    a.cache().put(SCOPE, "removed", Answer.text("1"));
    a.cache().put(SCOPE, "replaced", Answer.text("1"));
    b.awaitAnswer(SCOPE, "replaced", "1");
    b.close();
    a.cache().invalidate(a.cache().lookup(SCOPE, "removed").hit().orElseThrow().id());
    a.cache().put(SCOPE, "replaced", Answer.text("2"));
    a.cache().put(SCOPE, "new", Answer.text("1"));
    a.awaitPublished();

    b.open();
    // Opening waits until it is up to date.
    assertTrue(b.has(SCOPE, "kept", "1"));
    assertFalse(b.cache().lookup(SCOPE, "removed").isHit());
    assertTrue(b.has(SCOPE, "replaced", "2"));
    assertTrue(b.has(SCOPE, "new", "1"));
  }

  @Test
  void snapshot_isMadeAndRead_andTheLogCutBehindIt() {
    fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(100);
    Fleet.Member a = fleet.member("a");
    for (int i = 0; i < 300; i++) {
      a.cache().put(SCOPE, "q" + i % 150, Answer.text("x" + i));
    }
    a.cache().invalidate(a.cache().lookup(SCOPE, "q3").hit().orElseThrow().id());
    Await.until(() -> "a snapshot is made: " + a.stats(), () -> a.stats().snapshots() > 0);
    a.cache().put(SCOPE, "later", Answer.text("x"));
    a.awaitPublished();

    Fleet.Member b = fleet.member("b");
    b.awaitAnswer(SCOPE, "later", "x");
    for (int i = 0; i < 150; i++) {
      if (i != 3) {
        assertTrue(b.has(SCOPE, "q" + i, "x" + (i + 150)), "q" + i);
      }
    }
    assertFalse(b.cache().lookup(SCOPE, "q3").isHit());
    assertEquals(0, b.stats().chunksMissing());
  }

  @Test
  void anotherSecret_isAnotherInstallation() {
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    a.awaitPublished();
    fleet.settings = builder -> Fleet.quick(builder).secret(Fleet.secret((byte) 9));
    Fleet.Member b = fleet.member("b");
    b.cache().lookup(SCOPE, "q");
    Await.until("it has joined", () -> b.stats().scopesJoining() == 0 && b.stats().joins() >= 2);
    assertFalse(b.cache().lookup(SCOPE, "q").isHit());
  }

  @Test
  void acquire_whileAnotherLoads_getsItsAnswer() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    LoadTicket leader = a.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
    LoadTicket follower = b.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
    assertEquals(LoadTicket.Role.LEADER, leader.role());
    assertEquals(LoadTicket.Role.FOLLOWER, follower.role());
    leader.fulfil(Answer.text("x"), PutOptions.DEFAULTS);
    assertEquals(LoadTicket.Role.HIT, follower.await(Duration.ofSeconds(20)));
    assertEquals("x", follower.lookup().answer().orElseThrow().text());
  }

  @Test
  void acquire_ofWhatAnotherHasJustPublished_isAHit() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    b.awaitMiss(SCOPE, "q");
    Await.until("b has joined", () -> b.stats().scopesJoining() == 0);
    for (int i = 0; i < 200; i++) {
      try (LoadTicket leader = a.cache().acquire(SCOPE, "q" + i, LookupOptions.DEFAULTS)) {
        // On a busy machine its own last record may not have come back yet.
        leader.await(Duration.ofSeconds(20));
        assertEquals(LoadTicket.Role.LEADER, leader.role());
        leader.fulfil(Answer.text("x" + i), PutOptions.DEFAULTS);
      }
      a.awaitPublished();
      try (LoadTicket late = b.cache().acquire(SCOPE, "q" + i, LookupOptions.DEFAULTS)) {
        if (late.role() == LoadTicket.Role.FOLLOWER) {
          late.await(Duration.ofSeconds(20));
        }
        assertEquals(LoadTicket.Role.HIT, late.role());
      }
    }
  }

  @Test
  void acquire_afterAnAnswerThatIsNotReadYet_waitsForIt() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    try (FaultyProxy proxy = new FaultyProxy(server.port())) {
      Fleet.Member a = fleet.member("a");
      Fleet.Member b = fleet.memberAt("b", proxy.uri());
      b.awaitMiss(SCOPE, "q");
      Await.until("b has joined", () -> b.stats().scopesJoining() == 0);
      proxy.fault(
          (chunk, client) -> {
            if (new String(chunk, StandardCharsets.ISO_8859_1).contains(":log:")) {
              awaitNow(held);
            }
            client.write(chunk);
          });
      LoadTicket leader = a.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
      leader.fulfil(Answer.text("x"), PutOptions.DEFAULTS);
      Await.until(
          "the answer is published",
          () -> server.keys().stream().noneMatch(key -> key.contains(":lease:")));
      try (LoadTicket late = b.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS)) {
        assertEquals(LoadTicket.Role.FOLLOWER, late.role());
        held.countDown();
        assertEquals(LoadTicket.Role.HIT, late.await(Duration.ofSeconds(20)));
      }
      assertEquals(0, b.stats().leads());
      assertEquals(0, b.stats().uncoordinated());
    }
  }

  private static void awaitNow(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void acquire_whoseLeaderGivesUp_letsAnotherCacheLead() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    LoadTicket leader = a.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
    LoadTicket follower = b.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
    leader.fail();
    assertEquals(LoadTicket.Role.LEADER, follower.await(Duration.ofSeconds(20)));
    follower.close();
  }

  @Test
  void touches_areTold() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    b.awaitAnswer(SCOPE, "q", "x");
    Await.until(() -> "a hears of the hit: " + a.stats(), () -> a.stats().touches() > 0);
  }

  @Test
  void idleScope_leavesAndComesBack() {
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    a.awaitPublished();
    a.close();
    fleet.settings = builder -> Fleet.quick(builder).idleAfter(Duration.ofSeconds(1));
    a.open();
    Await.until("the scope has left", () -> a.stats().scopes() == 0);
    assertEquals(0, a.cache().stats().entries());
    a.awaitAnswer(SCOPE, "q", "x");
  }
}
