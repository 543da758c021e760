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
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.SelfSigned;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/** What a replication asks of its server's user, and what it believes of what is there. */
class RedisSecurityTest {
  private static final Scope SCOPE = Scope.tenant("acme");

  /** As the package's documentation has it. */
  private static final List<String> COMMANDS =
      List.of(
          "+get",
          "+set",
          "+unlink",
          "+ping",
          "+xadd",
          "+xread",
          "+xrange",
          "+xrevrange",
          "+xtrim",
          "+pexpire",
          "+sadd",
          "+sscan",
          "+client|id",
          "+client|unblock");

  @TempDir Path directory;

  private RedisProcess server;

  @BeforeEach
  void start() {
    server = new RedisProcess();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void user(List<String> commands) {
    List<String> rules = new ArrayList<>(List.of("SETUSER", "cache", "reset", "on", ">hush"));
    rules.addAll(List.of("~askonce:*", "-@all"));
    rules.addAll(commands);
    server.command(Command.ACL, rules.toArray(String[]::new));
  }

  private String as(String login) {
    return server.uri().replace("redis://", "redis://" + login + "@");
  }

  private List<?> denied() {
    return (List<?>) server.command(Command.ACL, "LOG");
  }

  /** All that a replication does on the server: nothing is denied, and no command is left over. */
  @Test
  void leastUser_mainPath_isEnoughAndEachCommandIsUsed() {
    user(COMMANDS);
    try (Fleet fleet = new Fleet(as("cache:hush"), directory)) {
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
          () -> "no log is left: " + server.keys(),
          () -> server.keys().stream().noneMatch(key -> key.contains(":log:")));
    }
    assertEquals(List.of(), denied(), "denied");
    String used = text(server.command(Command.INFO, "commandstats"));
    for (String command : COMMANDS) {
      // Servers before 7.0 count a command's parts together.
      String name = command.substring(1).replaceFirst("[|].*", "");
      assertTrue(used.contains("cmdstat_" + name), command + " of " + used);
    }
  }

  @Test
  void tenantDeletion_thatTheServerRefuses_isDoneLater() {
    user(COMMANDS.stream().filter(command -> !command.equals("+unlink")).toList());
    try (Fleet fleet = new Fleet(as("cache:hush"), directory)) {
      fleet.settings = Fleet::quick;
      Fleet.Member a = fleet.member("a");
      a.cache().put(SCOPE, "q", Answer.text("x"));
      a.awaitPublished();
      a.cache().invalidateTenant("acme");
      Await.until("it is refused", () -> !denied().isEmpty());
      assertTrue(server.keys().stream().anyMatch(key -> key.contains(":log:")));
      server.command(Command.ACL, "SETUSER", "cache", "+unlink");
      Await.until(
          () -> "no log is left: " + server.keys(),
          () -> server.keys().stream().noneMatch(key -> key.contains(":log:")));
    }
  }

  private static String text(Object reply) {
    return new String((byte[]) reply, StandardCharsets.UTF_8);
  }

  @Test
  void wrongPassword_isCountedTroubleAndTheCacheWorks() {
    user(COMMANDS);
    try (Fleet fleet = new Fleet(as("cache:not-that"), directory)) {
      worksAlone(fleet);
      assertFalse(fleet.toString().contains("not-that"));
    }
  }

  @Test
  void certificate_trustedOrNot_decidesWhetherItShares() throws Exception {
    SSLContext context = SelfSigned.context(directory, "dns:localhost");
    try (FaultyProxy tls = new FaultyProxy(server.port(), context.getServerSocketFactory());
        Fleet fleet = new Fleet("rediss://localhost:" + tls.port(), directory)) {
      worksAlone(fleet);
      fleet.settings = builder -> patient(builder).sslContext(context);
      Fleet.Member a = fleet.member("a");
      Fleet.Member b = fleet.member("b");
      a.cache().put(SCOPE, "q", Answer.text("x"));
      b.awaitAnswer(SCOPE, "q", "x");
    }
  }

  private static RedisReplicationBuilder patient(RedisReplicationBuilder builder) {
    return Fleet.quick(builder).connectTimeout(Duration.ofSeconds(5));
  }

  private static void worksAlone(Fleet fleet) {
    fleet.settings = builder -> patient(builder).closeWait(Duration.ofMillis(20));
    Fleet.Member alone = fleet.member("alone");
    alone.cache().put(SCOPE, "q", Answer.text("alone"));
    assertTrue(alone.has(SCOPE, "q", "alone"));
    Await.until(
        () -> "trouble is counted: " + alone.stats(),
        () -> alone.stats().troubles().values().stream().anyMatch(count -> count > 0));
    assertFalse(alone.stats().linked());
    assertEquals(0, alone.stats().published());
  }

  /** Changed, moved to another stream, of a later format, and repeated after a removal. */
  @Test
  void tamperedRecords_areSkippedAndCountedAndNeverServed() {
    Scope elsewhere = SCOPE.with("n", "1");
    try (Fleet fleet = new Fleet(server.uri(), directory)) {
      fleet.settings = Fleet::quick;
      Fleet.Member a = fleet.member("a");
      a.cache().put(SCOPE, "q", Answer.text("secret answer"));
      a.awaitPublished();
      byte[] log = log();
      byte[] record = lastRecord(log);
      assertFalse(new String(record, StandardCharsets.ISO_8859_1).contains("secret answer"));
      a.cache().put(elsewhere, "other", Answer.text("y"));
      a.awaitPublished();
      byte[] otherLog =
          server.keys().stream()
              .filter(key -> key.contains(":log:"))
              .map(key -> key.getBytes(StandardCharsets.UTF_8))
              .filter(key -> !Arrays.equals(key, log))
              .findFirst()
              .orElseThrow();
      a.cache().invalidate(a.cache().lookup(SCOPE, "q").hit().orElseThrow().id());
      a.awaitPublished();

      long unsealed = 0;
      for (int at = 0; at < record.length; at++) {
        byte[] changed = record.clone();
        changed[at] ^= 1;
        if (at != 4) { // The version has a count of its own.
          add(log, changed);
          unsealed++;
        }
      }
      add(otherLog, record);
      unsealed++;
      byte[] later = record.clone();
      later[4] = 2;
      add(log, later);
      add(log, record);
      Fleet.Member b = fleet.member("b");
      for (Fleet.Member member : List.of(a, b)) {
        long expected = unsealed;
        Await.until(
            () -> "all is read: " + member.stats(),
            () -> {
              assertFalse(member.cache().lookup(SCOPE, "q").isHit());
              assertFalse(member.cache().lookup(elsewhere, "q").isHit());
              return member.stats().skippedUnsealed() >= expected
                  && member.stats().skippedNewer() >= 1
                  && member.has(elsewhere, "other", "y");
            });
        assertFalse(member.cache().lookup(SCOPE, "q").isHit());
      }
    }
  }

  private byte[] log() {
    return server.keys().stream()
        .filter(key -> key.contains(":log:"))
        .findFirst()
        .orElseThrow()
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] lastRecord(byte[] log) {
    String name = new String(log, StandardCharsets.UTF_8);
    List<?> entries = (List<?>) server.command(Command.XREVRANGE, name, "+", "-", "COUNT", "1");
    List<?> fields = (List<?>) ((List<?>) entries.getFirst()).get(1);
    return (byte[]) fields.get(1);
  }

  private void add(byte[] log, byte[] record) {
    try (Connection connection = new Connection(new HostAndPort("127.0.0.1", server.port()))) {
      connection.sendCommand(Command.XADD, log, new byte[] {'*'}, new byte[] {'r'}, record);
      connection.getOne();
    }
  }
}
