package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.Fleet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/**
 * What caches take of a server and of themselves, for how long, and what they ask of it at once.
 */
class RedisFootprintTest extends FleetFixture {
  private static final Scope SCOPE = Scope.tenant("acme");

  private static String key(String part) {
    return server.keys().stream().filter(key -> key.contains(part)).findFirst().orElseThrow();
  }

  private static long ttlMillis(String key) {
    return (Long) server.command(Command.PTTL, key);
  }

  @Test
  void log_thatIsMadeAnew_endsByItself() {
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "before", Answer.text("1"));
    a.awaitPublished();
    // As when its time is over, or its tenant was deleted.
    server.command(Command.DEL, key(":log:"));
    a.cache().put(SCOPE, "after", Answer.text("2"));
    a.awaitPublished();
    assertTrue(ttlMillis(key(":log:")) > 0, () -> "it stays for " + ttlMillis(key(":log:")));
  }

  @Test
  void log_withRecordsOlderThanTheRetention_losesThem() {
    fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(1_000_000);
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    a.awaitPublished();
    String log = key(":log:");
    server.command(Command.DEL, log);
    for (int i = 1; i <= 50; i++) {
      server.command(Command.XADD, log, i + "-0", "r", "x".repeat(2_000));
    }
    for (int i = 0; i < 600; i++) {
      a.cache().put(SCOPE, "q" + i, Answer.text("x"));
    }
    a.awaitPublished();
    // Give or take those that the server keeps together with later ones.
    Await.until(
        () -> "what is old is gone: " + oldest(log),
        () -> Long.parseLong(oldest(log).split("-")[0]) >= 45);
  }

  private static String oldest(String log) {
    List<?> first = (List<?>) server.command(Command.XRANGE, log, "-", "+", "COUNT", "1");
    return new String((byte[]) ((List<?>) first.getFirst()).getFirst(), StandardCharsets.UTF_8);
  }

  @Test
  void snapshot_thatIsNeverFinished_endsByItself() {
    try (FaultyProxy proxy = new FaultyProxy(server.port())) {
      // Its first part arrives, its second never does.
      proxy.requestFault(
          (chunk, out) -> {
            String request = new String(chunk, StandardCharsets.ISO_8859_1);
            if (request.matches(
                "(?s).*\\r\\nSET\\r\\n\\$[0-9]+\\r\\n[^\\r]*:snap:[0-9a-f:]*:1\\r\\n.*")) {
              throw new IOException("cut");
            }
            out.write(chunk);
          });
      fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(100);
      Fleet.Member a = fleet.memberAt("a", proxy.uri());
      for (int i = 0; i < 150; i++) {
        a.cache().put(SCOPE, "q" + i, new Answer("", new byte[8_000]));
      }
      Await.until("a part of a snapshot", () -> !parts().isEmpty());
      parts().forEach(part -> assertTrue(ttlMillis(part) <= 600_000, () -> "" + ttlMillis(part)));
      proxy.requestFault(FaultyProxy.NONE);
      // The right to make it is given back, or over after two minutes.
      server.command(Command.DEL, key(":snaplease:"));
      Await.until(() -> "a snapshot: " + a.stats(), () -> a.stats().snapshots() > 0);
      assertTrue(
          parts().stream().anyMatch(part -> ttlMillis(part) > 86_400_000),
          "the parts of one that is finished stay with it");
    }
  }

  private static List<String> parts() {
    return server.keys().stream().filter(key -> key.matches(".*:snap:.*:.*:.*")).toList();
  }

  @Test
  void joining_largeAnswers_asksForNoMoreThanItCanKeep() {
    fleet.cacheSettings = builder -> builder.answerBytesMax(1 << 20);
    Fleet.Member a = fleet.member("a");
    byte[] body = new byte[400_000];
    new Random(1).nextBytes(body);
    for (int i = 0; i < 100; i++) {
      a.cache().put(SCOPE, "q" + i, new Answer("", body));
    }
    a.awaitPublished();
    a.close();
    long before = sentBytes();
    Fleet.Member b = fleet.member("b");
    b.cache().lookup(SCOPE, "q99");
    Await.until(() -> "all is here: " + b.stats(), () -> b.cache().stats().entries() == 100);
    long sent = sentBytes() - before;
    assertTrue(sent < 60_000_000, () -> sent + " bytes for 40 MB");
  }

  private static long sentBytes() {
    String stats = new String((byte[]) server.command(Command.INFO, "stats"));
    return Long.parseLong(stats.split("total_net_output_bytes:")[1].split("\r\n")[0]);
  }

  @Test
  void purgeTenant_ofMoreScopesThanOneReplyHolds_deletesAll() {
    try (Fleet.Member a = fleet.member("a")) {
      for (int i = 0; i < 100; i++) {
        a.cache().put(SCOPE.with("n", "" + i), "q", Answer.text("x"));
      }
      a.awaitPublished();
      Await.until(
          "all are in the index",
          () ->
              server.keys().stream()
                  .filter(key -> key.contains(":tenant:"))
                  .anyMatch(key -> (Long) server.command(Command.SCARD, key) == 100));
    }
    String index = key(":tenant:");
    for (int i = 0; i < 100; i++) {
      int from = i * 1_000;
      String[] others =
          IntStream.range(from, from + 1_000)
              .mapToObj(n -> "x".repeat(200) + n)
              .toArray(String[]::new);
      server.command(
          Command.SADD, Stream.concat(Stream.of(index), Stream.of(others)).toArray(String[]::new));
    }
    try (RedisInstallation installation =
        RedisInstallation.at(server.uri()).secret(Fleet.secret((byte) 1)).open()) {
      assertEquals(101, installation.purgeTenant("acme", deleted -> {}));
    }
    assertFalse(server.keys().stream().anyMatch(key -> key.contains(":log:")));
  }

  @Test
  void open_whereRemovalsAreForgottenTooSoon_isRefusedAndLeavesNothingBehind() {
    fleet.cacheSettings = builder -> builder.ttlMax(Duration.ofDays(60));
    String message =
        assertThrows(CacheException.InvalidOption.class, () -> fleet.member("a")).getMessage();
    assertTrue(message.contains("PT720H") && message.contains("PT1440H"), message);
    fleet.settings = builder -> Fleet.quick(builder).retention(Duration.ofDays(60));
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    assertTrue(a.has(SCOPE, "q", "x"));
  }

  @Test
  void scopes_thatWereOnlyAskedIn_areForgotten() {
    fleet.settings = builder -> Fleet.quick(builder).idleAfter(Duration.ofSeconds(1));
    Fleet.Member a = fleet.member("a");
    for (int i = 0; i < 50; i++) {
      a.cache().lookup(SCOPE.with("n", "" + i), "q");
    }
    assertTrue(a.stats().scopes() >= 50);
    Await.until(() -> "all are forgotten: " + a.stats(), () -> a.stats().scopes() == 0);
    a.cache().put(SCOPE.with("n", "1"), "q", Answer.text("x"));
    fleet.member("b").awaitAnswer(SCOPE.with("n", "1"), "q", "x");
  }

  @Test
  void open_withTheReplicationOfAnotherCache_isRefusedAndTheOtherGoesOn() {
    RedisReplication replication =
        Fleet.quick(RedisReplication.at(server.uri()).secret(Fleet.secret((byte) 1))).build();
    try (SemanticCache first = opened("first", replication)) {
      assertThrows(IllegalStateException.class, () -> opened("second", replication));
      first.put(SCOPE, new float[] {1, 0, 0, 0, 0, 0, 0, 0}, Answer.text("x"), PutOptions.DEFAULTS);
      Await.until("it is published", () -> replication.stats().published() > 0);
    }
  }

  private SemanticCache opened(String name, RedisReplication replication) {
    return SemanticCache.at(directory.resolve(name))
        .vectors(8, "by hand")
        .replication(replication)
        .open();
  }
}
