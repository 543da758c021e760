package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Scope;
import dev.askonce.engine.spi.ExactTier;
import dev.askonce.engine.spi.ExactTierContract;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.RedisSentinelSet;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The exact tier where Sentinels say which server it is on. */
class RedisSentinelTierTest extends ExactTierContract {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Answer ANSWER = Answer.text("42");

  private static RedisSentinelSet set;
  private RedisExactTier tier;

  @BeforeAll
  static void startServers() {
    set = new RedisSentinelSet(1);
  }

  @AfterAll
  static void stopServers() {
    set.close();
  }

  @BeforeEach
  void openTier() {
    set.primary().flush();
    tier = RedisExactTier.at(set.uri()).secret(new byte[32]).deadline(Duration.ofSeconds(5)).open();
  }

  @AfterEach
  void closeTier() {
    tier.close();
  }

  @Override
  protected ExactTier tier() {
    return tier;
  }

  @Override
  protected void advance(Duration time) {
    // The servers' clock goes by itself.
  }

  @Test
  void anyCall_afterAFailover_isServedByTheNewPrimary() {
    assertTrue(tier.store(SCOPE, "q", ANSWER, HOUR));
    set.failOver();
    Await.until("a stored answer", () -> tier.store(SCOPE, "q", ANSWER, HOUR));
    assertEquals(Optional.of(ANSWER), tier.find(SCOPE, "q"));
  }

  @Test
  void sentinelLogin_withoutSentinels_isRefused() {
    RedisExactTierBuilder plain = RedisExactTier.at("redis://localhost");
    assertThrows(CacheException.InvalidOption.class, () -> plain.sentinelLogin("u", "p"));
  }
}
