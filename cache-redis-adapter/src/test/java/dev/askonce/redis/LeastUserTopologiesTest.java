package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Scope;
import dev.askonce.redis.internal.server.Shards;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisCluster;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.RedisSentinelSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** The user of the guide where there are several servers. */
class LeastUserTopologiesTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;

  private static Set<String> everything() {
    Set<String> commands = LeastUserTest.replication();
    commands.addAll(LeastUser.commands("the exact tier", "askonce redis"));
    return commands;
  }

  private static RedisExactTier tier(String uri) {
    return LeastUserTest.tier(LeastUser.as(uri));
  }

  private static void operate(String uri) {
    try (RedisInstallation installation = LeastUserTest.installation(LeastUser.as(uri)).open()) {
      installation.status();
      installation.rebuild(done -> {});
      installation.purgeTenant("acme", done -> {});
      installation.purge(done -> {});
    }
  }

  private static void assertNothingDenied(List<RedisProcess> servers) {
    servers.forEach(server -> assertEquals(Set.of(), LeastUser.denied(server)));
  }

  @Test
  void cluster_needsItsCommandsAndNoMore() {
    try (RedisCluster cluster = new RedisCluster(false)) {
      List<RedisProcess> servers =
          cluster.members().stream().map(RedisCluster.Member::process).toList();
      Set<String> own = LeastUser.commands("in a Cluster");
      assertEquals(Set.of("cluster|slots", "asking"), own);
      Set<String> commands = everything();
      commands.addAll(own);
      servers.forEach(server -> LeastUser.make(server, commands));
      LeastUserTest.mainPath(
          LeastUser.as(cluster.uri()),
          directory,
          () -> {
            Set<String> keys = new TreeSet<>();
            servers.forEach(server -> keys.addAll(server.keys()));
            return keys;
          });
      operate(cluster.uri());
      assertNothingDenied(servers);
      migrate(cluster, servers, commands);
      withoutSlots(cluster, servers, commands);
    }
  }

  /** While a slot is under way, what is there no more is asked for elsewhere. */
  private static void migrate(
      RedisCluster cluster, List<RedisProcess> servers, Set<String> commands) {
    try (RedisExactTier tier = tier(cluster.uri())) {
      assertTrue(tier.store(SCOPE, "q", Answer.text("x"), HOUR));
      String key =
          servers.stream().flatMap(server -> server.keys().stream()).findFirst().orElseThrow();
      int slot = Shards.slotOf(key);
      assertTrue(tier.remove(SCOPE, "q"));
      RedisCluster.Member owner = cluster.owner(slot);
      RedisCluster.Member other =
          cluster.members().stream().filter(m -> m != owner).findFirst().orElseThrow();
      cluster.beginMigration(slot, other);
      assertTrue(tier.store(SCOPE, "q", Answer.text("x"), HOUR));
      assertNothingDenied(servers);
      servers.forEach(server -> LeastUser.make(server, LeastUser.without(commands, "asking")));
      assertFalse(tier.store(SCOPE, "q", Answer.text("y"), HOUR));
      assertEquals(1, tier.stats().count(RedisTrouble.ERROR_REPLY));
      assertTrue(LeastUser.isDenied(other.process(), "asking"));
      servers.forEach(server -> LeastUser.make(server, commands));
      cluster.endMigration(slot, other);
    }
  }

  private static void withoutSlots(
      RedisCluster cluster, List<RedisProcess> servers, Set<String> commands) {
    servers.forEach(server -> LeastUser.make(server, LeastUser.without(commands, "cluster|slots")));
    try (RedisExactTier tier = tier(cluster.uri())) {
      assertFalse(tier.store(SCOPE, "q", Answer.text("x"), HOUR));
      assertEquals(1, tier.stats().count(RedisTrouble.ERROR_REPLY));
      assertTrue(servers.stream().anyMatch(s -> LeastUser.isDenied(s, "cluster|slots")));
    }
  }

  @Test
  void sentinel_needsNoCommandMoreAndALoginOfItsOwn() {
    try (RedisSentinelSet set = new RedisSentinelSet(1)) {
      String page = LeastUser.read("docs/internals/redis.md");
      String rule = "+sentinel|get-master-addr-by-name";
      assertTrue(page.contains(rule));
      RedisProcess sentinel = set.sentinels().getFirst();
      sentinel.command(Command.ACL, "SETUSER", "watcher", "on", ">pw", "-@all", rule);
      List<RedisProcess> servers = set.servers();
      servers.forEach(server -> LeastUser.make(server, everything()));
      try (Fleet fleet = new Fleet(LeastUser.as(set.uri()), directory)) {
        fleet.settings = builder -> Fleet.quick(builder).sentinelLogin("watcher", "pw");
        Fleet.Member a = fleet.member("a");
        Fleet.Member b = fleet.member("b");
        a.cache().put(SCOPE, "before", Answer.text("x"));
        b.awaitAnswer(SCOPE, "before", "x");
        set.awaitReplica();
        set.failOver();
        a.cache().put(SCOPE, "after", Answer.text("y"));
        b.awaitAnswer(SCOPE, "after", "y");
        a.awaitPublished();
      }
      operateThrough(set);
      assertNothingDenied(servers);
      assertEquals(Set.of(), LeastUser.denied(sentinel));
      sentinel.command(Command.ACL, "SETUSER", "watcher", "-@all");
      try (RedisInstallation installation = installation(set)) {
        Await.until(
            "it cannot be asked",
            () -> {
              try {
                installation.servers();
                return false;
              } catch (CacheException.ServerUnavailable e) {
                return e.getMessage().contains("refused, or not arranged as the URI says");
              }
            });
      }
    }
  }

  private static RedisInstallation installation(RedisSentinelSet set) {
    return LeastUserTest.installation(LeastUser.as(set.uri()))
        .sentinelLogin("watcher", "pw")
        .open();
  }

  private static void operateThrough(RedisSentinelSet set) {
    try (RedisInstallation installation = installation(set)) {
      assertEquals(1, installation.status().scopes());
      installation.rebuild(done -> {});
      assertTrue(installation.purgeTenant("acme", done -> {}) > 0);
      installation.purge(done -> {});
    }
  }
}
