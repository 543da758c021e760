package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisCluster;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** What an operator does to an installation. */
class RedisInstallationTest extends FleetFixture {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Scope OTHER = Scope.tenant("other");

  @BeforeEach
  void makeSnapshots() {
    fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(100);
  }

  private static RedisInstallation installation() {
    return RedisInstallation.at(server.uri()).secret(Fleet.secret((byte) 1)).open();
  }

  private static List<String> keys(String part) {
    return server.keys().stream().filter(key -> key.contains(part)).toList();
  }

  private Fleet.Member filled(Scope scope, int entries) {
    Fleet.Member member = fleet.member("filled");
    for (int i = 0; i < entries; i++) {
      member.cache().put(scope, "q" + i, Answer.text("x" + i));
    }
    member.awaitPublished();
    return member;
  }

  private void awaitSnapshot(Fleet.Member member) {
    Await.until(() -> "a snapshot: " + member.stats(), () -> member.stats().snapshots() > 0);
  }

  @Test
  void status_ofNothing_saysWhatTheServerIs() {
    try (RedisInstallation nothing = RedisInstallation.at(server.uri()).open()) {
      InstallationStatus status = nothing.status();
      assertEquals(0, status.scopes());
      assertEquals(0, status.keys().size());
      assertTrue(status.records().isEmpty());
      InstallationStatus.Server only = status.servers().getFirst();
      assertEquals(1, status.servers().size());
      assertEquals("master", only.role());
      assertTrue(only.version().matches("[0-9]+\\.[0-9]+\\..*"), only.version());
      assertTrue(only.usedBytes() > 100_000);
      assertEquals("noeviction", only.policy());
    }
  }

  @Test
  void status_countsScopesRecordsAndSnapshots() {
    Fleet.Member member = filled(SCOPE, 250);
    member.cache().put(OTHER, "q", Answer.text("x"));
    member.cache().invalidateTag("nothing has this");
    member.awaitPublished();
    awaitSnapshot(member);
    try (RedisInstallation installation = installation()) {
      InstallationStatus status = installation.status();
      assertEquals(2, status.scopes());
      assertTrue(status.logs().records() >= 251, () -> "" + status);
      assertEquals(1, status.logs().controlRecords());
      assertEquals(1, status.snapshots().count());
      assertTrue(status.snapshots().bytes() > 100 * 32 * Float.BYTES);
      assertTrue(status.snapshots().oldestMillis() < 600_000);
      InstallationStatus.Records records = status.records().orElseThrow();
      assertTrue(records.opened() > 351, () -> "" + status);
      assertEquals(0, records.unsealed() + records.newer() + records.foreign());
      assertEquals(1, records.embedders());
    }
  }

  @Test
  void status_saysWhatCannotBeOpened() {
    Fleet.Member member = filled(SCOPE, 20);
    String log = keys(":log:").getFirst();
    server.command(Command.XADD, log, "*", "r", "not sealed by anybody");
    // A part of a snapshot whose number is none.
    server.command(Command.SET, log.replace(":log:", ":snap:") + ":1:9999999999", "x");
    fleet.cacheSettings = builder -> builder.embedder(new Texts("other texts"));
    Fleet.Member foreign = fleet.member("foreign");
    foreign.cache().put(SCOPE, "q", Answer.text("x"));
    foreign.awaitPublished();
    try (RedisInstallation installation = installation()) {
      InstallationStatus.Records records = installation.status().records().orElseThrow();
      // An entry that is put while its scope is loaded may be published twice.
      assertTrue(records.opened() >= 20, () -> "" + records);
      assertTrue(records.foreign() >= 1 && records.foreign() <= 2, () -> "" + records);
      assertEquals(0, records.newer());
      assertEquals(1, records.unsealed());
      assertEquals(2, records.embedders());
    }
    try (RedisInstallation stranger =
        RedisInstallation.at(server.uri()).secret(Fleet.secret((byte) 2)).open()) {
      InstallationStatus status = stranger.status();
      assertEquals(
          new InstallationStatus.Records(0, 0, 0, status.logs().records(), 0, 0),
          status.records().orElseThrow());
    }
    assertTrue(member.has(SCOPE, "q1", "x1"));
  }

  @Test
  void purge_deletesTheInstallationAndNothingElse() {
    Fleet.Member member = filled(SCOPE, 250);
    awaitSnapshot(member);
    fleet.close();
    try (RedisExactTier tier =
        RedisExactTier.at(server.uri()).secret(Fleet.secret((byte) 1)).open()) {
      assertTrue(tier.store(SCOPE, "q", Answer.text("x"), Duration.ofMinutes(1)));
    }
    Set<String> others =
        Set.of("askonce", "askonce2:{s00}:log:00", "askonce:eu:{s00}:log:00", "askonce:note", "x");
    others.forEach(name -> server.command(Command.SET, name, "kept"));
    int before = server.keys().size();
    List<Long> progress = new ArrayList<>();
    try (RedisInstallation installation = RedisInstallation.at(server.uri()).open()) {
      assertEquals(before - others.size(), installation.purge(progress::add));
    }
    assertEquals(others, Set.copyOf(server.keys()));
    assertEquals(before - others.size(), progress.getLast());
  }

  @Test
  void purgeTenant_removesItEverywhereAndNobodyElse() {
    Fleet.Member member = filled(SCOPE, 250);
    awaitSnapshot(member);
    member.cache().put(OTHER, "q", Answer.text("x"));
    Fleet.Member second = fleet.member("second");
    second.awaitAnswer(SCOPE, "q7", "x7");
    second.awaitAnswer(OTHER, "q", "x");
    Await.until("both are in the index", () -> keys(":tenant:").size() == 2);
    // Closed, it hears of it when it opens.
    second.close();
    try (RedisInstallation installation = installation()) {
      assertTrue(installation.purgeTenant("acme", done -> {}) >= 4);
      assertEquals(0, installation.purgeTenant("nobody", done -> {}));
    }
    member.awaitMiss(SCOPE, "q7");
    assertEquals(1, keys(":tenant:").size());
    assertEquals(0, keys(":snap:").size());
    second.open();
    assertFalse(second.cache().lookup(SCOPE, "q7").isHit());
    second.awaitAnswer(OTHER, "q", "x");
    assertTrue(member.has(OTHER, "q", "x"));
    // What is put from now on stays.
    member.cache().put(SCOPE, "q7", Answer.text("again"));
    second.awaitAnswer(SCOPE, "q7", "again");
  }

  @Test
  void withoutTheSecret_itIsAskedFor() {
    try (RedisInstallation installation = RedisInstallation.at(server.uri()).open()) {
      assertThrows(
          CacheException.InvalidOption.class, () -> installation.purgeTenant("acme", done -> {}));
      assertThrows(CacheException.InvalidOption.class, () -> installation.rebuild(done -> {}));
    }
  }

  @Test
  void rebuild_ofABrokenSnapshot_savesWhatIsLeftOfIt() {
    Fleet.Member member = filled(SCOPE, 250);
    awaitSnapshot(member);
    member.close();
    // All that is left is the snapshot's part: no cache, no log, no manifest.
    keys(":log:").forEach(key -> server.command(Command.DEL, key));
    String manifest =
        keys(":snap:").stream().filter(key -> key.split(":").length == 4).findFirst().orElseThrow();
    server.command(Command.DEL, manifest);
    assertFalse(keys(":snap:").isEmpty());
    try (RedisInstallation installation = installation()) {
      RebuildReport report = installation.rebuild(done -> {});
      assertEquals(0, report.snapshotsWhole());
      assertEquals(1, report.snapshotsBroken());
      assertTrue(report.recordsRestored() >= 100, () -> "" + report);
      assertEquals(0, keys(":snap").size());
      assertEquals(report.recordsRestored(), installation.status().logs().records());
    }
    fleet.member("fresh").awaitAnswer(SCOPE, "q1", "x1");
  }

  @Test
  void rebuild_ofAWholeSnapshot_leavesItAndDeletesLeftovers() {
    Fleet.Member member = filled(SCOPE, 250);
    awaitSnapshot(member);
    List<String> before = keys(":snap:");
    String leftover =
        before.stream().filter(key -> key.split(":").length == 4).findFirst().orElseThrow()
            + ":1234:0";
    server.command(Command.SET, leftover, "of a cache that was killed");
    try (RedisInstallation installation = installation()) {
      assertEquals(new RebuildReport(1, 0, 0, 1, 0, 0), installation.rebuild(done -> {}));
    }
    assertEquals(Set.copyOf(before), Set.copyOf(keys(":snap:")));
  }

  @Test
  void rebuild_asksTheCachesForWhatTheLogsLack() {
    Fleet.Member member = filled(SCOPE, 50);
    String log = keys(":log:").getFirst();
    // All but the last: the one thing that caches look for by themselves.
    server.command(Command.XTRIM, log, "MAXLEN", "1");
    try (RedisInstallation installation = installation()) {
      installation.rebuild(done -> {});
      Await.until(
          () -> "it is published again: " + member.stats(),
          () -> installation.status().logs().records() >= 50);
    }
  }

  @Test
  void serverThatIsDown_isSaidWithoutThePassword() {
    String uri = "redis://user:hidden@127.0.0.1:" + RedisProcess.freePort();
    try (RedisInstallation installation =
        RedisInstallation.at(uri).secret(Fleet.secret((byte) 1)).open()) {
      for (Runnable call :
          List.<Runnable>of(
              installation::servers,
              installation::status,
              () -> installation.rebuild(done -> {}),
              () -> installation.purge(done -> {}))) {
        String message =
            assertThrows(CacheException.ServerUnavailable.class, call::run).getMessage();
        assertTrue(message.contains("no connection"), message);
        assertFalse(message.contains("hidden"), message);
      }
    }
  }

  @Test
  void whatTheUserMayNot_isSaid() {
    filled(SCOPE, 1);
    server.command(
        Command.ACL, "SETUSER", "some", "on", ">hidden", "~askonce:*", "-@all", "+scan", "+info");
    String uri = server.uri().replace("://", "://some:hidden@");
    try (RedisInstallation installation = RedisInstallation.at(uri).open()) {
      String message =
          assertThrows(CacheException.ServerUnavailable.class, installation::status).getMessage();
      assertTrue(message.contains("XLEN: NOPERM; the user may not"), message);
      assertFalse(message.contains("hidden"), message);
    } finally {
      server.command(Command.ACL, "DELUSER", "some");
    }
  }

  @Test
  void ofACluster_everyNodeIsLookedAtAndEmptied() {
    try (RedisCluster cluster = new RedisCluster(false);
        Fleet spread = new Fleet(cluster.uri(), directory.resolve("spread"))) {
      Fleet.Member member = spread.member("a");
      for (int i = 0; i < 40; i++) {
        member.cache().put(SCOPE.with("n", "" + i), "q", Answer.text("x"));
      }
      member.awaitPublished();
      member.close();
      try (RedisInstallation installation =
          RedisInstallation.at(cluster.uri()).secret(Fleet.secret((byte) 1)).open()) {
        InstallationStatus status = installation.status();
        assertEquals(3, status.servers().size());
        assertEquals(40, status.scopes());
        assertTrue(status.logs().records() >= 40);
        assertEquals(status.logs().records(), status.records().orElseThrow().opened());
        assertEquals(new RebuildReport(0, 0, 0, 0, 0, 0), installation.rebuild(done -> {}));
        assertTrue(installation.purge(done -> {}) >= 40);
        assertEquals(0, installation.status().keys().size());
      }
      member.open();
    }
  }
}
