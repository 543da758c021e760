package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.engine.spi.ExactTier;
import dev.askonce.engine.spi.ExactTierContract;
import dev.askonce.redis.rig.RedisCluster;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** The exact tier on a Cluster, as the user who may do no more than it needs. */
class RedisClusterTierTest extends ExactTierContract {
  private static final Scope SCOPE = Scope.tenant("acme");

  private static RedisCluster cluster;
  private RedisExactTier tier;

  @BeforeAll
  static void startServers() {
    cluster =
        new RedisCluster(
            false,
            "--user cache on >pw ~askonce:* -@all +get +set +del +cluster|slots +asking"
                .split(" "));
  }

  @AfterAll
  static void stopServers() {
    cluster.close();
  }

  @BeforeEach
  void openTier() {
    cluster.members().forEach(member -> member.process().flush());
    tier =
        RedisExactTier.at(cluster.uri().replace("://", "://cache:pw@"))
            .secret(new byte[32])
            .deadline(Duration.ofSeconds(5))
            .open();
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
    // The servers' clocks go by themselves.
  }

  @Test
  void store_manyTexts_areOnAllNodesAndFound() {
    for (int i = 0; i < 100; i++) {
      assertTrue(tier.store(SCOPE, "q" + i, Answer.text("a" + i), Duration.ofHours(1)));
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(Optional.of(Answer.text("a" + i)), tier.find(SCOPE, "q" + i));
    }
    for (RedisCluster.Member member : cluster.members()) {
      long count = (Long) member.process().command(Command.DBSIZE);
      assertTrue(count > 10, "one node has " + count);
    }
    assertEquals(Map.of(), tier.stats().troubles());
  }
}
