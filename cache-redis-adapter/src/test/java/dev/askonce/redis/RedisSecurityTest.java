package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.SelfSigned;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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

/** Whom a server and a replication let in, and what is believed of what is there. */
class RedisSecurityTest {
  private static final Scope SCOPE = Scope.tenant("acme");

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

  @Test
  void tenantDeletion_thatTheServerRefuses_isDoneLater() {
    LeastUser.make(server, LeastUser.without(LeastUser.all(), "unlink"));
    try (Fleet fleet = new Fleet(LeastUser.as(server.uri()), directory)) {
      fleet.settings = Fleet::quick;
      Fleet.Member a = fleet.member("a");
      a.cache().put(SCOPE, "q", Answer.text("x"));
      a.awaitPublished();
      a.cache().invalidateTenant("acme");
      Await.until("it is refused", () -> LeastUser.isDenied(server, "unlink"));
      assertTrue(server.keys().stream().anyMatch(key -> key.contains(":log:")));
      server.command(Command.ACL, "SETUSER", "cache", "+unlink");
      Await.until(
          () -> "no log is left: " + server.keys(),
          () -> server.keys().stream().noneMatch(key -> key.contains(":log:")));
    }
  }

  @Test
  void wrongPassword_isCountedTroubleAndTheCacheWorks() {
    LeastUser.make(server, LeastUser.all());
    try (Fleet fleet = new Fleet(LeastUser.as(server.uri()), directory)) {
      server.command(Command.ACL, "SETUSER", "cache", "resetpass", ">another");
      worksAlone(fleet);
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
