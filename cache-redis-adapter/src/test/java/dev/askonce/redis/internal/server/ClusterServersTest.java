package dev.askonce.redis.internal.server;

import static dev.askonce.redis.internal.server.TestServers.add;
import static dev.askonce.redis.internal.server.TestServers.addAtLast;
import static dev.askonce.redis.internal.server.TestServers.command;
import static dev.askonce.redis.internal.server.TestServers.key;
import static dev.askonce.redis.internal.server.TestServers.record;
import static dev.askonce.redis.internal.server.TestServers.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.redis.internal.server.TestServers.Follower;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.RedisCluster;
import dev.askonce.redis.rig.RedisCluster.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

class ClusterServersTest extends ServersContract {
  private static RedisCluster cluster;

  @BeforeAll
  static void start() {
    cluster = new RedisCluster(true);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Override
  String uri() {
    return cluster.uri();
  }

  @Override
  int blockedCount() {
    return cluster.members().stream()
        .filter(member -> member.process().isAlive())
        .mapToInt(member -> SingleServersTest.blocked(member.process()))
        .sum();
  }

  private static Member otherThan(Member owner) {
    return cluster.members().stream()
        .filter(member -> member != owner && member.isPrimary())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shards_ofTheCluster_areOnAllPrimaries() {
    assertEquals(
        3,
        IntStream.range(0, Shards.COUNT)
            .mapToObj(shard -> cluster.owner(Shards.slot(shard)))
            .distinct()
            .count());
  }

  @Test
  void everything_slotMoved_goesOnWithItsNewOwner() {
    int slot = Shards.slot(9);
    byte[] key = key(9, "moved");
    try (Follower follower = new Follower(servers, 9, key)) {
      follower.connect();
      add(servers, 9, key, record(1));
      follower.await(1);
      Member to = otherThan(cluster.owner(slot));
      cluster.beginMigration(slot, to);
      cluster.endMigration(slot, to);
      assertEquals(to, cluster.owner(slot));
      add(servers, 9, key, record(2));
      follower.await(2);
      assertEquals(List.of("record 1", "record 2"), follower.records);
      // Where the slot is now it learned from the call before, or from the node that it read from.
      assertTrue(follower.connectCount >= 2, "connected " + follower.connectCount);
    }
  }

  @Test
  void pipeline_slotBeingMoved_asksWhereTheKeysAre() {
    int slot = Shards.slot(10);
    Member to = otherThan(cluster.owner(slot));
    byte[] here = key(10, "here");
    byte[] there = key(10, "there");
    servers.pipeline(10, List.of(command(Command.SET, here, "1"))).answer().orElseThrow();
    cluster.beginMigration(slot, to);
    List<Reply> replies =
        servers
            .pipeline(
                10,
                List.of(
                    command(Command.SET, there, "a"),
                    command(Command.APPEND, here, "2"),
                    command(Command.APPEND, there, "b"),
                    command(Command.GET, here),
                    command(Command.GET, there)))
            .answer()
            .orElseThrow();
    assertArrayEquals("12".getBytes(), replies.get(3).bytes().orElseThrow());
    assertArrayEquals("ab".getBytes(), replies.get(4).bytes().orElseThrow());
    cluster.endMigration(slot, to);
    assertArrayEquals(
        "12".getBytes(),
        servers
            .pipeline(10, List.of(command(Command.GET, here)))
            .answer()
            .orElseThrow()
            .getFirst()
            .bytes()
            .orElseThrow());
    assertEquals(Map.of(), servers.troubles());
  }

  @Test
  void everything_replicaPromoted_goesOnWithIt() {
    byte[] key = key(11, "promoted");
    try (Follower follower = new Follower(servers, 11, key)) {
      follower.connect();
      add(servers, 11, key, record(1));
      follower.await(1);
      cluster.failOver(Shards.slot(11));
      addAtLast(servers, 11, key, record(2));
      follower.await(2);
      assertEquals("record 2", follower.records.getLast());
    }
  }

  @Test
  void everything_primaryKilled_goesOnWithItsReplica() {
    byte[] key = key(12, "killed");
    try (Follower follower = new Follower(servers, 12, key)) {
      follower.connect();
      add(servers, 12, key, record(1));
      follower.await(1);
      Member killed = cluster.killOwner(Shards.slot(12));
      try {
        addAtLast(servers, 12, key, record(2));
        follower.await(2);
        assertEquals("record 2", follower.records.getLast());
      } finally {
        killed.process().start();
      }
      cluster.awaitReplicas();
    }
  }

  @Test
  void pipeline_oneNodeBehindABlackHole_othersGoOn() {
    Member owner = cluster.owner(Shards.slot(0));
    int other =
        IntStream.range(0, Shards.COUNT)
            .filter(shard -> cluster.owner(Shards.slot(shard)) != owner)
            .findFirst()
            .orElseThrow();
    try (Servers hasty =
        Servers.open(
            TestServers.settings(uri(), Duration.ofMillis(200), ReplyLimits.ofValues(1 << 20)))) {
      addAtLast(hasty, other, key(other, "hole"), record(0));
      owner.proxy().fault(FaultyProxy.STALL);
      assertTrue(
          hasty.pipeline(0, List.of(Streams.add(key(0, "hole"), record(1)))).trouble().isPresent());
      add(hasty, other, key(other, "hole"), record(1));
      owner.proxy().fault(FaultyProxy.NONE);
      addAtLast(hasty, 0, key(0, "hole"), record(2));
      assertTrue(stored(servers, 0, key(0, "hole")).contains("record 2"));
    } finally {
      owner.proxy().fault(FaultyProxy.NONE);
    }
  }

  @Test
  void pipeline_nodeAddressedAsASingleServer_isNotLedElsewhere() {
    Member owner = cluster.owner(Shards.slot(1));
    Member other = otherThan(owner);
    try (Servers single = Servers.open(TestServers.settings(other.proxy().uri()))) {
      int before = owner.proxy().connectionCount();
      List<Reply> replies =
          single
              .pipeline(1, List.of(Streams.add(key(1, "single"), record(1))))
              .answer()
              .orElseThrow();
      assertTrue(replies.getFirst() instanceof Reply.Refusal moved && moved.is("MOVED"));
      assertEquals(before, owner.proxy().connectionCount());
    }
  }

  /** What was acknowledged is there, and a reader gets what is there, in its order, once. */
  @Test
  void everything_faultsAtRandomBeforeAllNodes_losesNothing() {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    byte[] key = key(13, "faults" + seed);
    List<String> acknowledged = new ArrayList<>();
    ServerSettings hasty =
        TestServers.settings(uri(), Duration.ofMillis(100), ReplyLimits.ofValues(1 << 20));
    try (Servers faulty = Servers.open(hasty);
        Follower follower = new Follower(faulty, 13, key)) {
      cluster
          .members()
          .forEach(
              member ->
                  member
                      .proxy()
                      .fault((chunk, out) -> TestServers.faultAtRandom(random).reply(chunk, out)));
      for (int i = 0; i < 100; i++) {
        String text = new String(record(i), UTF_8);
        faulty
            .pipeline(13, List.of(Streams.add(key, record(i))))
            .answer()
            .filter(replies -> isId(replies.getFirst()))
            .ifPresent(replies -> acknowledged.add(text));
        follower.read(Duration.ofMillis(10));
      }
      cluster.members().forEach(member -> member.proxy().fault(FaultyProxy.NONE));
      List<String> stored = stored(servers, 13, key);
      assertTrue(stored.containsAll(acknowledged), "seed " + seed);
      assertTrue(acknowledged.size() > 30, acknowledged.size() + " only, seed " + seed);
      follower.await(stored.size());
      assertEquals(stored, follower.records, "seed " + seed);
    } finally {
      cluster.members().forEach(member -> member.proxy().fault(FaultyProxy.NONE));
    }
  }

  /** A fault may be a sound reply to something else, which an id is never. */
  private static boolean isId(Reply reply) {
    try {
      return Streams.id(reply) != null;
    } catch (UnsoundReply e) {
      return false;
    }
  }
}
