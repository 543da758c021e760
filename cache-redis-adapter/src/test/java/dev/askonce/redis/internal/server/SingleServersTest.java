package dev.askonce.redis.internal.server;

import static dev.askonce.redis.internal.server.TestServers.add;
import static dev.askonce.redis.internal.server.TestServers.addAtLast;
import static dev.askonce.redis.internal.server.TestServers.key;
import static dev.askonce.redis.internal.server.TestServers.record;
import static dev.askonce.redis.internal.server.TestServers.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.redis.RedisTrouble;
import dev.askonce.redis.internal.server.TestServers.Follower;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

class SingleServersTest extends ServersContract {
  private static final Duration HASTE = Duration.ofMillis(100);

  private static RedisProcess server;

  @BeforeAll
  static void start() {
    server = new RedisProcess();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  String uri() {
    return server.uri();
  }

  @Override
  int blockedCount() {
    return blocked(server);
  }

  static int blocked(RedisProcess server) {
    String clients = new String((byte[]) server.command(Command.INFO, "clients"));
    return Integer.parseInt(clients.split("blocked_clients:")[1].split("\r\n")[0]);
  }

  private static Servers through(FaultyProxy proxy) {
    return Servers.open(TestServers.settings(proxy.uri(), HASTE, ReplyLimits.ofValues(1 << 20)));
  }

  @Test
  void pipeline_replyCutInTheMiddle_isTroubleAndNoPart() {
    byte[] key = key(0, "cut");
    try (FaultyProxy proxy = new FaultyProxy(server.port());
        Servers cut = through(proxy)) {
      proxy.fault(FaultyProxy.HALF_THEN_CUT);
      List<CommandArguments> commands =
          List.of(Streams.add(key, record(1)), Streams.add(key, record(2)));
      Outcome<List<Reply>> outcome = cut.pipeline(0, commands);
      assertEquals(Optional.of(RedisTrouble.BROKEN), outcome.trouble());
      assertEquals(2, stored(servers, 0, key).size());
      proxy.fault(FaultyProxy.NONE);
      assertEquals(2, cut.pipeline(0, commands).answer().orElseThrow().size());
    }
  }

  @Test
  void pipeline_replyThatTricklesIn_isGivenUp() {
    try (FaultyProxy proxy = new FaultyProxy(server.port());
        Servers slow = through(proxy)) {
      proxy.fault(FaultyProxy.rate(12));
      long start = System.nanoTime();
      assertEquals(
          Optional.of(RedisTrouble.TIMEOUT),
          slow.pipeline(0, List.of(Streams.add(key(0, "slow"), new byte[1]))).trouble());
      assertTrue(System.nanoTime() - start < TestServers.HANG.toNanos(), "call hangs");
    }
  }

  @Test
  void read_connectionCut_connectsAgainAndSaysSo() {
    byte[] key = key(0, "reader-cut");
    try (FaultyProxy proxy = new FaultyProxy(server.port());
        Servers cut = through(proxy);
        Follower follower = new Follower(cut, 0, key)) {
      follower.connect();
      add(servers, 0, key, record(1));
      follower.await(1);
      CompletableFuture<LogReader.Batch> read =
          CompletableFuture.supplyAsync(() -> follower.read(Duration.ofSeconds(60)));
      Await.until("a blocked read", () -> blockedCount() > 0);
      proxy.cutAll();
      assertEquals(Optional.of(RedisTrouble.BROKEN), read.join().trouble());
      add(servers, 0, key, record(2));
      follower.await(2);
      assertEquals(2, follower.connectCount);
      assertEquals(List.of("record 1", "record 2"), follower.records);
    }
  }

  @Test
  void read_serverRestarted_connectsAgain() {
    try (RedisProcess own = new RedisProcess();
        Servers ownServers = Servers.open(TestServers.settings(own.uri()));
        Follower follower = new Follower(ownServers, 0, key(0, "x"))) {
      follower.connect();
      own.kill();
      assertTrue(follower.read(Duration.ofMillis(10)).trouble().isPresent());
      assertTrue(follower.read(Duration.ofMillis(10)).trouble().isPresent());
      own.start();
      addAtLast(ownServers, 0, key(0, "x"), record(1));
      follower.await(1);
      assertEquals(2, follower.connectCount);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " +client|id", " +client|id +client|unblock"})
  void read_userWhoMayPerhapsNotUnblock_isWokenAllTheSame(String more) {
    String[] user = ("--user log on >pw ~test:* -@all +xadd +xread +xrange" + more).split(" ");
    try (RedisProcess guarded = new RedisProcess(user);
        Servers limited =
            Servers.open(TestServers.settings(guarded.uri().replace("://", "://log:pw@")));
        Follower follower = new Follower(limited, 0, key(0, "x"))) {
      follower.connect();
      CompletableFuture<LogReader.Batch> read =
          CompletableFuture.supplyAsync(() -> follower.read(Duration.ofSeconds(60)));
      Await.until("a blocked read", () -> blocked(guarded) > 0);
      follower.reader.wake();
      assertEquals(LogReader.Batch.NOTHING, read.join());
      add(limited, 0, key(0, "x"), record(1));
      follower.await(1);
      assertEquals(1, follower.connectCount);
      List<Reply> refused =
          limited
              .pipeline(0, List.of(TestServers.command(Command.DEL, key(0, "x"))))
              .answer()
              .orElseThrow();
      assertTrue(refused.getFirst() instanceof Reply.Refusal no && no.is("NOPERM"));
    }
  }

  @Test
  void anything_wrongPassword_isUnreachableAndNotShown() {
    try (RedisProcess guarded = new RedisProcess("--user", "log", "on", ">pw", "~*", "+@all");
        Servers wrong =
            Servers.open(TestServers.settings(guarded.uri().replace("://", "://log:hush@")));
        Follower follower = new Follower(wrong, 0, key(0, "x"))) {
      assertEquals(
          Optional.of(RedisTrouble.UNREACHABLE),
          wrong.pipeline(0, List.of(Streams.add(key(0, "x"), record(1)))).trouble());
      assertEquals(
          Optional.of(RedisTrouble.UNREACHABLE), follower.read(Duration.ofMillis(1)).trouble());
      assertEquals(Map.of(RedisTrouble.UNREACHABLE, 2L), wrong.troubles());
      assertFalse(wrong.toString().contains("hush"), wrong::toString);
    }
  }

  @Test
  void read_userWhoMayNotRead_isTroubleAndBacksOff() {
    String[] user = "--user log on >pw ~test:* -@all +xadd".split(" ");
    try (RedisProcess guarded = new RedisProcess(user);
        Servers blind =
            Servers.open(TestServers.settings(guarded.uri().replace("://", "://log:pw@")));
        Follower follower = new Follower(blind, 0, key(0, "x"))) {
      long start = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        follower.connect();
        assertEquals(
            Optional.of(RedisTrouble.ERROR_REPLY), follower.read(Duration.ofSeconds(1)).trouble());
      }
      // 20, 40, 80, 160 and 200 ms.
      assertTrue(System.nanoTime() - start >= Duration.ofMillis(500).toNanos(), "no back-off");
    }
  }

  /** What is read may be read late, never wrong, twice or out of order. */
  @Test
  void read_faultsAtRandom_losesNothing() {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    byte[] key = key(0, "faults" + seed);
    List<String> added = new ArrayList<>();
    try (FaultyProxy proxy = new FaultyProxy(server.port());
        Servers faulty = through(proxy);
        Follower follower = new Follower(faulty, 0, key)) {
      proxy.fault((chunk, client) -> TestServers.faultAtRandom(random).reply(chunk, client));
      for (int i = 0; i < 100; i++) {
        add(servers, 0, key, record(i));
        added.add("record " + i);
        follower.read(Duration.ofMillis(20));
      }
      proxy.fault(FaultyProxy.NONE);
      follower.await(added.size());
      assertEquals(added, follower.records, "seed " + seed);
      assertTrue(follower.troubleCount > 5, "seed " + seed + ": few faults");
      assertEquals(added.size(), new HashSet<>(follower.records).size());
    }
  }
}
