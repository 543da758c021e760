package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Scope;
import dev.askonce.engine.spi.ExactTier;
import dev.askonce.engine.spi.ExactTierContract;
import dev.askonce.redis.rig.RedisProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

class RedisExactTierTest extends ExactTierContract {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Answer ANSWER = Answer.text("42");

  private static RedisProcess server;
  private RedisExactTier tier;

  @BeforeAll
  static void startServer() {
    server = new RedisProcess();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void openTier() {
    server.flush();
    tier = builder().open();
  }

  @AfterEach
  void closeTier() {
    tier.close();
  }

  /** A deadline that a busy machine keeps, since these tests are not about it. */
  private static RedisExactTierBuilder builder() {
    return RedisExactTier.at(server.uri()).secret(secret(1)).deadline(Duration.ofSeconds(5));
  }

  private static byte[] secret(int first) {
    byte[] secret = new byte[32];
    secret[0] = (byte) first;
    return secret;
  }

  @Override
  protected ExactTier tier() {
    return tier;
  }

  @Override
  protected void advance(Duration time) {
    // The server's clock goes by itself.
  }

  @Test
  void find_storedByAnotherJvm_hits() {
    tier.store(SCOPE, "q", ANSWER, HOUR);
    try (RedisExactTier other = builder().open()) {
      assertEquals(Optional.of(ANSWER), other.find(SCOPE, "q"));
    }
  }

  @Test
  void find_otherInstallation_misses() {
    tier.store(SCOPE, "q", ANSWER, HOUR);
    try (RedisExactTier otherSecret = builder().secret(secret(2)).open();
        RedisExactTier otherPrefix = builder().keyPrefix("other").open()) {
      assertEquals(Optional.empty(), otherSecret.find(SCOPE, "q"));
      assertEquals(Optional.empty(), otherPrefix.find(SCOPE, "q"));
    }
  }

  @Test
  void store_anyText_showsTheServerOnlyAKeyedHash() {
    tier.store(SCOPE, "my diagnosis", ANSWER, HOUR);
    List<?> keys = (List<?>) server.command(Command.KEYS, "*");
    String key = new String((byte[]) keys.getFirst());
    assertEquals(1, keys.size());
    assertTrue(key.matches("askonce:[0-9a-f]{32}"), key);
  }

  @Test
  void store_ttl_isTheServersTtl() {
    tier.store(SCOPE, "q", ANSWER, Duration.ofMillis(90_000));
    List<?> keys = (List<?>) server.command(Command.KEYS, "*");
    long ttl = (Long) server.command(Command.PTTL, new String((byte[]) keys.getFirst()));
    assertTrue(ttl > 30_000 && ttl <= 90_000, "ttl is " + ttl + " ms");
  }

  @Test
  void find_afterItsTimeWhereTheServerKnowsNone_misses() {
    AtomicLong now = new AtomicLong(1_000_000_000_000L);
    try (RedisExactTier timed = builder().clock(() -> Instant.ofEpochMilli(now.get())).open()) {
      timed.store(SCOPE, "q", ANSWER, HOUR);
      // As after a copy from one server to another that leaves it out.
      server.keys().forEach(key -> server.command(Command.PERSIST, key));
      now.addAndGet(HOUR.toMillis() + 9_999);
      assertEquals(Optional.of(ANSWER), timed.find(SCOPE, "q"));
      now.incrementAndGet();
      assertEquals(Optional.empty(), timed.find(SCOPE, "q"));
      assertEquals(0, timed.stats().undecodable());
    }
  }

  @Test
  void store_ttlOverTheLimit_isRefused() {
    try (RedisExactTier limited = builder().ttlMax(HOUR).open()) {
      Duration tooLong = HOUR.plusMillis(1);
      assertThrows(
          CacheException.InvalidOption.class, () -> limited.store(SCOPE, "q", ANSWER, tooLong));
      assertTrue(limited.store(SCOPE, "q", ANSWER, HOUR));
    }
  }

  @Test
  void store_bodyAtTheLimit_isStoredAndOneByteMoreRefused() {
    try (RedisExactTier limited = builder().answerBytesMax(1000).open()) {
      Answer largest = new Answer("x".repeat(255), new byte[1000]);
      Answer tooLarge = new Answer("", new byte[1001]);
      assertTrue(limited.store(SCOPE, "q", largest, HOUR));
      assertEquals(Optional.of(largest), limited.find(SCOPE, "q"));
      assertThrows(
          CacheException.AnswerTooLarge.class, () -> limited.store(SCOPE, "q", tooLarge, HOUR));
    }
  }

  @Test
  void find_answerOverTheReadersLimit_misses() {
    tier.store(SCOPE, "q", new Answer("", new byte[60_000]), HOUR);
    try (RedisExactTier limited = builder().answerBytesMax(1000).open()) {
      assertEquals(Optional.empty(), limited.find(SCOPE, "q"));
      assertEquals(1, limited.stats().undecodable());
    }
  }

  @Test
  void stats_countWhatWasDone() {
    tier.store(SCOPE, "q", ANSWER, HOUR);
    tier.find(SCOPE, "q");
    tier.find(SCOPE, "q");
    tier.find(SCOPE, "other");
    tier.remove(SCOPE, "q");
    tier.remove(SCOPE, "q");
    assertEquals(new RedisStats(3, 2, 1, 1, 1, Map.of()), tier.stats());
  }

  @Test
  void find_onManyVirtualThreads_sharesFewConnections() throws Exception {
    tier.store(SCOPE, "q", ANSWER, HOUR);
    List<Future<Optional<Answer>>> found = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        found.add(threads.submit(() -> tier.find(SCOPE, "q")));
      }
    }
    for (Future<Optional<Answer>> one : found) {
      assertEquals(Optional.of(ANSWER), one.get());
    }
    assertTrue(serverConnections() <= 8 + 1, "connections: " + serverConnections());
  }

  /** Counts the one that asks, too. */
  private static int serverConnections() {
    byte[] clients = (byte[]) server.command(Command.CLIENT, "LIST");
    return new String(clients).split("\n").length;
  }

  @Test
  void anyCall_afterClose_isRefused() {
    tier.close();
    tier.close();
    assertThrows(CacheException.Closed.class, () -> tier.find(SCOPE, "q"));
    assertThrows(CacheException.Closed.class, () -> tier.store(SCOPE, "q", ANSWER, HOUR));
    assertThrows(CacheException.Closed.class, () -> tier.remove(SCOPE, "q"));
  }

  @Test
  void anyCall_asTheMinimalUser_isAllowed() {
    String[] user = "--user cache on >p+w/d ~askonce:* -@all +get +set +del".split(" ");
    try (RedisProcess guarded = new RedisProcess(user)) {
      String uri = guarded.uri().replace("://", "://cache:p+w%2Fd@");
      try (RedisExactTier minimal = RedisExactTier.at(uri).secret(secret(1)).open()) {
        assertTrue(minimal.store(SCOPE, "q", ANSWER, HOUR));
        assertEquals(Optional.of(ANSWER), minimal.find(SCOPE, "q"));
        assertTrue(minimal.remove(SCOPE, "q"));
        assertFalse(minimal.toString().contains("p+w"), minimal::toString);
      }
      String wrong = guarded.uri().replace("://", "://cache:guess@");
      try (RedisExactTier refused = RedisExactTier.at(wrong).secret(secret(1)).open()) {
        assertFalse(refused.store(SCOPE, "q", ANSWER, HOUR));
        assertEquals(1, refused.stats().count(RedisTrouble.UNREACHABLE));
      }
    }
  }

  @Test
  void anyCall_namedDatabase_usesItAlone() {
    try (RedisExactTier third = RedisExactTier.at(server.uri() + "/3").secret(secret(1)).open()) {
      third.store(SCOPE, "q", ANSWER, HOUR);
      assertEquals(Optional.of(ANSWER), third.find(SCOPE, "q"));
      assertEquals(Optional.empty(), tier.find(SCOPE, "q"));
    }
  }
}
