package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.redis.internal.server.Shards;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches that share through a Cluster of three. */
class RedisClusterReplicationTest {
  private static final Scope SCOPE = Scope.tenant("acme");

  /** Enough for every shard to have some. */
  private static final int SCOPES = 100;

  private static RedisCluster cluster;

  @TempDir Path directory;

  private Fleet fleet;

  @BeforeAll
  static void startServers() {
    cluster = new RedisCluster(false);
  }

  @AfterAll
  static void stopServers() {
    cluster.close();
  }

  @BeforeEach
  void open() {
    cluster.members().forEach(member -> member.process().flush());
    fleet = new Fleet(cluster.uri(), directory);
    fleet.settings =
        builder ->
            Fleet.quick(builder)
                .transferDeadline(Duration.ofMillis(500))
                .closeWait(Duration.ofMillis(100));
  }

  @AfterEach
  void close() {
    cluster.members().forEach(member -> member.proxy().fault(FaultyProxy.NONE));
    fleet.close();
  }

  private static Scope scope(int n) {
    return SCOPE.with("n", "" + n);
  }

  private static void putAll(Fleet.Member member, String text) {
    for (int i = 0; i < SCOPES; i++) {
      member.cache().put(scope(i), text, Answer.text("x" + i));
    }
  }

  private static void awaitAll(Fleet.Member member, String text) {
    for (int i = 0; i < SCOPES; i++) {
      member.awaitAnswer(scope(i), text, "x" + i);
    }
  }

  @Test
  void slotThatMoves_withItsLogs_losesNothing() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    putAll(a, "before");
    awaitAll(b, "before");
    int slot = Shards.slot(5);
    RedisCluster.Member from = cluster.owner(slot);
    RedisCluster.Member to =
        cluster.members().stream().filter(member -> member != from).findFirst().orElseThrow();
    cluster.beginMigration(slot, to);
    // Also scopes whose log is made on the node that is to have the slot.
    for (int i = SCOPES; i < 2 * SCOPES; i++) {
      a.cache().put(scope(i), "during", Answer.text("x" + i));
    }
    a.awaitPublished();
    cluster.endMigration(slot, to);
    putAll(a, "after");
    awaitAll(b, "after");
    for (int i = SCOPES; i < 2 * SCOPES; i++) {
      b.awaitAnswer(scope(i), "during", "x" + i);
    }
    a.awaitPublished();
    Await.until(() -> "linked: " + b.stats(), () -> b.stats().linked());
  }

  @Test
  void oneNodeThatSaysNothing_isSeenInTheStats() {
    Fleet.Member a = fleet.member("a");
    putAll(a, "q");
    a.awaitPublished();
    Await.until(() -> "linked: " + a.stats(), () -> a.stats().linked());
    // Not that of the log of all scopes, which is always read.
    RedisCluster.Member first = cluster.owner(Shards.slot(0));
    cluster.members().stream()
        .filter(member -> member != first)
        .findFirst()
        .orElseThrow()
        .proxy()
        .fault(FaultyProxy.STALL);
    Await.until(() -> "not linked: " + a.stats(), () -> !a.stats().linked());
  }

  @Test
  void close_whileNoNodeSaysAnything_takesSeconds() {
    Fleet.Member a = fleet.member("a");
    putAll(a, "q");
    a.awaitPublished();
    cluster.members().forEach(member -> member.proxy().fault(FaultyProxy.STALL));
    putAll(a, "r");
    Await.until(() -> "not linked: " + a.stats(), () -> !a.stats().linked());
    long start = System.nanoTime();
    a.close();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    // A few times the deadline; not once more for each shard and node.
    assertTrue(took.toSeconds() < 15, () -> "closing took " + took);
  }
}
