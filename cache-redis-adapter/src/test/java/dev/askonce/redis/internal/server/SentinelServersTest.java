package dev.askonce.redis.internal.server;

import static dev.askonce.redis.internal.server.TestServers.add;
import static dev.askonce.redis.internal.server.TestServers.addAtLast;
import static dev.askonce.redis.internal.server.TestServers.key;
import static dev.askonce.redis.internal.server.TestServers.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.redis.RedisTrouble;
import dev.askonce.redis.internal.server.TestServers.Follower;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.RedisSentinelSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

class SentinelServersTest extends ServersContract {
  private static RedisSentinelSet set;

  @BeforeAll
  static void start() {
    set = new RedisSentinelSet(3);
  }

  @AfterAll
  static void stop() {
    set.close();
  }

  @Override
  String uri() {
    return set.uri();
  }

  @Override
  int blockedCount() {
    return SingleServersTest.blocked(set.primary());
  }

  @Test
  void everything_sentinelFailsOver_goesOnWithTheNewPrimary() {
    byte[] key = key(0, "failover");
    try (Follower follower = new Follower(servers, 0, key)) {
      follower.connect();
      add(servers, 0, key, record(1));
      follower.await(1);
      int before = set.primary().port();
      set.failOver();
      assertTrue(set.primary().port() != before);
      // The old primary takes records until the Sentinels demote it; the new one loses them.
      Await.until(
          "a record on the new primary",
          () -> {
            addAtLast(servers, 0, key, record(2));
            return set.primary().command(Command.XLEN, new String(key, UTF_8)).equals(2L);
          });
      Await.until(
          "the reader at the new primary",
          () -> {
            follower.read(Duration.ofMillis(50));
            return follower.connectCount >= 2;
          });
      addAtLast(servers, 0, key, record(3));
      Await.until(
          "the last record",
          () -> {
            follower.read(Duration.ofMillis(50));
            return follower.records.getLast().equals("record 3");
          });
    }
  }

  @Test
  void everything_firstSentinelGone_asksTheOthers() {
    set.sentinels().get(1).kill();
    try (Servers others = Servers.open(TestServers.settings(uri()))) {
      for (int i = 0; i < 3; i++) {
        add(others, 0, key(0, "gone"), record(1));
      }
    } finally {
      set.sentinels().get(1).start();
    }
  }

  @Test
  void pipeline_noSuchPrimary_isTrouble() {
    String uri = uri().replace("/" + RedisSentinelSet.NAME, "/other");
    try (Servers none = Servers.open(TestServers.settings(uri))) {
      assertEquals(
          Optional.of(RedisTrouble.ERROR_REPLY),
          none.pipeline(0, List.of(Streams.add(key(0, "x"), record(1)))).trouble());
    }
  }

  @Test
  void pipeline_noSentinelUp_isTroubleAndSoonNotTried() {
    try (Servers none = Servers.open(TestServers.settings("redis-sentinel://127.0.0.1:1/main"))) {
      for (int i = 0; i < 101; i++) {
        assertFalse(
            none.pipeline(0, List.of(Streams.add(key(0, "x"), record(1)))).answer().isPresent());
      }
      assertTrue(
          none.troubles().containsKey(RedisTrouble.CIRCUIT_OPEN), () -> "" + none.troubles());
    }
  }
}
