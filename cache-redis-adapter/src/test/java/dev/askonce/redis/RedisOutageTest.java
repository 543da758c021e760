package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.RedisProcess;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Protocol.Command;

/** Servers that are down, restarted, flushed, full or slow. */
@Timeout(60)
class RedisOutageTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Answer ANSWER = Answer.text("42");

  private final RedisProcess server = new RedisProcess();
  private final AtomicLong nowNanos = new AtomicLong();
  private final RedisExactTier tier =
      RedisExactTier.at(server.uri())
          .secret(new byte[32])
          .deadline(Duration.ofSeconds(5))
          .failuresMax(3)
          .backoff(Duration.ofSeconds(1))
          .nanoTime(nowNanos::get)
          .open();

  @AfterEach
  void stop() {
    tier.close();
    server.close();
  }

  @Test
  void find_serverFlushed_missesAndStoresAgain() {
    assertTrue(tier.store(SCOPE, "q", ANSWER, HOUR));
    server.flush();
    assertEquals(Optional.empty(), tier.find(SCOPE, "q"));
    assertTrue(tier.store(SCOPE, "q", ANSWER, HOUR));
    assertEquals(Optional.of(ANSWER), tier.find(SCOPE, "q"));
    assertEquals(0, tier.stats().failures());
  }

  @Test
  void allCalls_serverStopped_areMissesAndSoonNotTried() {
    assertTrue(tier.store(SCOPE, "q", ANSWER, HOUR));
    server.stop();
    assertEquals(Optional.empty(), tier.find(SCOPE, "q"));
    assertFalse(tier.store(SCOPE, "q", ANSWER, HOUR));
    assertFalse(tier.remove(SCOPE, "q"));
    assertEquals(3, tier.stats().failures());
    for (int i = 0; i < 1000; i++) {
      assertEquals(Optional.empty(), tier.find(SCOPE, "q"));
    }
    assertEquals(3, tier.stats().failures());
    assertEquals(1000, tier.stats().refused());
  }

  @Test
  void find_serverStartedAgain_hitsAfterTheBackoff() {
    tier.store(SCOPE, "q", ANSWER, HOUR);
    server.stop();
    for (int i = 0; i < 4; i++) {
      tier.find(SCOPE, "q");
    }
    server.start();
    assertFalse(tier.store(SCOPE, "q", ANSWER, HOUR));
    nowNanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertTrue(tier.store(SCOPE, "q", ANSWER, HOUR));
    assertEquals(Optional.of(ANSWER), tier.find(SCOPE, "q"));
    assertEquals(2, tier.stats().refused());
  }

  @Test
  void find_serverRestarted_costsOneMissForAllIdleConnections() {
    tier.store(SCOPE, "q", ANSWER, HOUR);
    server.stop();
    server.start();
    assertEquals(Optional.empty(), tier.find(SCOPE, "q"));
    assertTrue(tier.store(SCOPE, "q", ANSWER, HOUR));
    assertEquals(Optional.of(ANSWER), tier.find(SCOPE, "q"));
    assertEquals(1, tier.stats().failures());
  }

  @Test
  void store_serverFull_isFalseWhileFindsGoOn() {
    tier.store(SCOPE, "q", ANSWER, HOUR);
    server.command(Command.CONFIG, "SET", "maxmemory", "1");
    for (int i = 0; i < 10; i++) {
      assertFalse(tier.store(SCOPE, "other", ANSWER, HOUR));
    }
    assertEquals(10, tier.stats().count(RedisTrouble.ERROR_REPLY));
    assertEquals(Optional.of(ANSWER), tier.find(SCOPE, "q"));
  }

  @Test
  void find_serverBusy_missesByTheDeadline() {
    try (RedisExactTier hasty =
        RedisExactTier.at(server.uri())
            .secret(new byte[32])
            .deadline(Duration.ofMillis(50))
            .open()) {
      tier.store(SCOPE, "q", ANSWER, HOUR);
      server.command(Command.CLIENT, "PAUSE", "60000");
      long start = System.nanoTime();
      assertEquals(Optional.empty(), hasty.find(SCOPE, "q"));
      assertTrue(System.nanoTime() - start < Duration.ofSeconds(2).toNanos(), "find hangs");
      assertEquals(1, hasty.stats().timeouts());
    }
  }
}
