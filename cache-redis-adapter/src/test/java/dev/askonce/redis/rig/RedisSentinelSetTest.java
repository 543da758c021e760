package dev.askonce.redis.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

class RedisSentinelSetTest {
  private static RedisSentinelSet set;

  @BeforeAll
  static void start() {
    set = new RedisSentinelSet(1);
  }

  @AfterAll
  static void stop() {
    set.close();
  }

  private static RedisProcess replica() {
    return set.servers().stream().filter(server -> !server.isPrimary()).findFirst().orElseThrow();
  }

  @Test
  void replica_connectsWhileRepliesAreHeldBack_isInStep() {
    set.proxies().forEach(proxy -> proxy.fault(FaultyProxy.STALL));
    set.primaryProxy().admitReplicas(false);
    Await.until("the replica is cut off", () -> !replica().isInStep());
    set.primaryProxy().admitReplicas(true);
    set.awaitReplica();
    set.proxies().forEach(proxy -> proxy.fault(FaultyProxy.NONE));
  }

  @Test
  void loseTail_whatWasWrittenMeanwhile_isNotOnTheNewPrimary() {
    RedisProcess before = set.primary();
    before.command(Command.SET, "first", "copied");
    Await.until("the replica has it", () -> before.tail(replica()) == 0);
    AtomicInteger number = new AtomicInteger();
    long tail =
        set.loseTail(
            () -> before.command(Command.SET, "k" + number.incrementAndGet(), "v".repeat(100)), 50);
    assertTrue(tail >= 1000, "lacks " + tail);
    assertNotEquals(before.port(), set.primary().port());
    assertEquals("copied", set.primary().text(Command.GET, "first"));
    assertNull(set.primary().command(Command.GET, "k1"));
    set.demoteFormer();
    set.awaitReplica();
    assertEquals("copied", set.primary().text(Command.GET, "first"));
    assertNull(before.command(Command.GET, "k1"));
  }
}
