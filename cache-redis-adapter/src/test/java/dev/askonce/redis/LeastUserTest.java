package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Protocol.Command;

/** The user of the guide: what it may send is enough, and nothing of it can be left out. */
class LeastUserTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Duration HOUR = Duration.ofHours(1);

  private static RedisProcess server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server = new RedisProcess();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void flush() {
    server.flush();
    server.command(Command.CONFIG, "RESETSTAT");
  }

  static Set<String> replication() {
    return LeastUser.commands("replication");
  }

  static Set<String> operations() {
    return LeastUser.commands("askonce redis");
  }

  private static Set<String> exactTier() {
    Set<String> commands = LeastUser.commands("the exact tier");
    commands.addAll(Set.of("get", "set"));
    return commands;
  }

  @Test
  void guide_saysWhatTheOtherPagesSay() {
    Set<String> all = LeastUser.all();
    String page = LeastUser.read("docs/internals/redis.md");
    Set<String> internals =
        new TreeSet<>(
            LeastUser.commandsIn(LeastUser.between(page, "## The least user", "+sentinel")));
    assertEquals(all, internals);
    String source =
        LeastUser.read("cache-redis-adapter/src/main/java/dev/askonce/redis/package-info.java");
    assertEquals(all, new TreeSet<>(LeastUser.commandsIn(source)));
    assertEquals(22, all.size(), "a command more or less needs a proof here: " + all);
  }

  /** Settings with which all comes soon, and what fails is not waited for. */
  static RedisReplicationBuilder hasty(RedisReplicationBuilder builder) {
    Duration soon = Duration.ofMillis(50);
    return Fleet.quick(builder).snapshotEvery(50).startWait(soon).closeWait(soon);
  }

  /** All that a replication does on a server. */
  static void mainPath(String uri, Path directory, Supplier<Set<String>> keys) {
    try (Fleet fleet = new Fleet(uri, directory)) {
      fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(50);
      Fleet.Member a = fleet.member("a");
      Fleet.Member b = fleet.member("b");
      LoadTicket leader = a.cache().acquire(SCOPE, "load", LookupOptions.DEFAULTS);
      LoadTicket follower = b.cache().acquire(SCOPE, "load", LookupOptions.DEFAULTS);
      assertEquals(LoadTicket.Role.FOLLOWER, follower.role());
      leader.fulfil(Answer.text("x"), PutOptions.DEFAULTS);
      assertEquals(LoadTicket.Role.HIT, follower.await(Duration.ofSeconds(20)));
      for (int i = 0; i < 100; i++) {
        a.cache().put(SCOPE, "q" + i, Answer.text("x" + i));
      }
      b.awaitAnswer(SCOPE, "q99", "x99");
      Await.until("a snapshot", () -> a.stats().snapshots() + b.stats().snapshots() > 0);
      // A scope that is new makes a wait be ended.
      a.cache().put(SCOPE.with("n", "1"), "q", Answer.text("y"));
      b.awaitAnswer(SCOPE.with("n", "1"), "q", "y");
      a.awaitPublished();
      a.cache().invalidateTenant("acme");
      b.awaitMiss(SCOPE, "q99");
      Await.until(
          () -> "no log is left: " + keys.get(),
          () -> keys.get().stream().noneMatch(key -> key.contains(":log:")));
      for (Fleet.Member member : fleet.members()) {
        assertFalse(
            member.stats().troubles().containsKey(RedisTrouble.ERROR_REPLY),
            () -> "" + member.stats());
      }
    }
  }

  static Set<String> keys(RedisProcess of) {
    return new TreeSet<>(of.keys());
  }

  private static void assertUsed(Set<String> commands) {
    String used =
        new String((byte[]) server.command(Command.INFO, "commandstats"), StandardCharsets.UTF_8);
    for (String command : commands) {
      // Servers before 7.0 count a command's parts together.
      assertTrue(used.contains("cmdstat_" + LeastUser.word(command)), command + " of " + used);
    }
    assertEquals(Set.of(), LeastUser.denied(server));
  }

  @Test
  void replication_mayDoAllThatItDoes() {
    LeastUser.make(server, replication());
    mainPath(LeastUser.as(server.uri()), directory, () -> keys(server));
    assertUsed(replication());
  }

  @ParameterizedTest
  @MethodSource
  void replication(String command) {
    LeastUser.make(server, LeastUser.without(replication(), command));
    try (Fleet fleet = new Fleet(LeastUser.as(server.uri()), directory)) {
      fleet.settings = LeastUserTest::hasty;
      Fleet.Member a = fleet.member("a");
      try (LoadTicket leader = a.cache().acquire(SCOPE, "load", LookupOptions.DEFAULTS)) {
        assertEquals(LoadTicket.Role.LEADER, leader.role());
        leader.fulfil(Answer.text("x"), PutOptions.DEFAULTS);
      }
      assertTrue(a.has(SCOPE, "load", "x"), "what a caller gets");
      if (command.equals("sscan")) {
        // Where tenants' logs are deleted.
        Await.until("an index", () -> server.keys().stream().anyMatch(k -> k.contains(":tenant:")));
        a.cache().invalidateTenant("acme");
      }
      Await.until(
          () -> command + " is denied: " + LeastUser.denied(server) + a.stats(),
          () -> LeastUser.isDenied(server, command));
      Await.until(
          () -> "it is counted: " + a.stats(),
          () -> a.stats().troubles().containsKey(RedisTrouble.ERROR_REPLY));
    }
    assertEquals(
        Set.of(LeastUser.word(command)), LeastUser.denied(server), "nothing else is denied");
  }

  @Test
  void database_needsSelect() {
    Set<String> commands = exactTier();
    String uri = LeastUser.as(server.uri()) + "/3";
    LeastUser.make(server, commands);
    try (RedisExactTier tier = tier(uri)) {
      assertFalse(tier.store(SCOPE, "q", Answer.text("x"), HOUR));
      assertEquals(1, tier.stats().count(RedisTrouble.UNREACHABLE));
      assertTrue(LeastUser.isDenied(server, "select"));
      commands.addAll(LeastUser.commands("a database"));
      LeastUser.make(server, commands);
      assertTrue(tier.store(SCOPE, "q", Answer.text("x"), HOUR));
      assertEquals(Set.of(), LeastUser.denied(server));
    }
  }

  @Test
  void exactTier_needsItsCommandsAndNoMore() {
    LeastUser.make(server, exactTier());
    try (RedisExactTier tier = tier()) {
      assertTrue(tier.store(SCOPE, "q", Answer.text("x"), HOUR));
      assertTrue(tier.find(SCOPE, "q").isPresent());
      assertTrue(tier.remove(SCOPE, "q"));
      assertEquals(0, tier.stats().failures());
    }
    assertUsed(exactTier());
    for (String command : exactTier()) {
      LeastUser.make(server, LeastUser.without(exactTier(), command));
      try (RedisExactTier tier = tier()) {
        tier.store(SCOPE, "q", Answer.text("x"), HOUR);
        tier.find(SCOPE, "q");
        tier.remove(SCOPE, "q");
        assertEquals(1, tier.stats().count(RedisTrouble.ERROR_REPLY), command);
      }
      assertEquals(Set.of(command), LeastUser.denied(server));
    }
  }

  private static RedisExactTier tier() {
    return tier(LeastUser.as(server.uri()));
  }

  /** As patient as a busy machine needs. */
  static RedisExactTier tier(String uri) {
    return RedisExactTier.at(uri)
        .secret(Fleet.secret((byte) 1))
        .deadline(Duration.ofSeconds(10))
        .open();
  }

  static RedisInstallationBuilder installation(String uri) {
    return RedisInstallation.at(uri)
        .secret(Fleet.secret((byte) 1))
        .deadline(Duration.ofSeconds(10));
  }

  /** With all that a snapshot, a log, a tenant and an answer have there. */
  private void fill() {
    LeastUser.make(server, replication());
    try (Fleet fleet = new Fleet(LeastUser.as(server.uri()), directory.resolve("filled"))) {
      fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(50);
      Fleet.Member a = fleet.member("a");
      for (int i = 0; i < 100; i++) {
        a.cache().put(SCOPE, "q" + i, Answer.text("x" + i));
      }
      Await.until("a snapshot", () -> a.stats().snapshots() > 0);
      a.cache().invalidateTag("a record of control");
      Await.until(
          "all kinds of keys",
          () -> keys(server).stream().anyMatch(key -> key.contains(":tenant:")));
      a.awaitPublished();
    }
  }

  private static RedisInstallation installation() {
    return installation(LeastUser.as(server.uri())).open();
  }

  private static void operate(RedisInstallation installation) {
    assertEquals(1, installation.status().snapshots().count());
    assertEquals(1, installation.rebuild(done -> {}).snapshotsWhole());
    assertTrue(installation.purgeTenant("acme", done -> {}) >= 3);
    assertTrue(installation.purge(done -> {}) > 0);
    assertEquals(Set.of(), keys(server));
  }

  /** By the user that the package's documentation has for an operator alone. */
  @Test
  void operations_needTheirCommandsAndNoMore() {
    String source =
        LeastUser.read("cache-redis-adapter/src/main/java/dev/askonce/redis/package-info.java");
    Set<String> commands =
        new TreeSet<>(LeastUser.commandsIn(LeastUser.between(source, "operations", "\n")));
    assertEquals(new TreeSet<>(operations()), commands, "and the guide's");
    fill();
    for (String command : commands) {
      LeastUser.make(server, LeastUser.without(commands, command));
      try (RedisInstallation installation = installation()) {
        String message =
            assertThrows(
                    CacheException.ServerUnavailable.class,
                    () -> operate(installation),
                    () -> command + " is not needed")
                .getMessage();
        String refused = "refused " + command.toUpperCase(Locale.ROOT) + ": NOPERM";
        assertTrue(message.contains(refused), message);
      }
      assertEquals(Set.of(command), LeastUser.denied(server));
      // Without one of them it cannot be given back.
      server.keys().stream()
          .filter(key -> key.contains(":snaplease:"))
          .forEach(key -> server.command(Command.DEL, key));
    }
    LeastUser.make(server, commands);
    try (RedisInstallation installation = installation()) {
      operate(installation);
    }
    assertUsed(commands);
  }
}
