package dev.askonce.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.redis.internal.server.Servers;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.FaultyProxy.Fault;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.SilentServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** Whatever the network does to a reply: the stored answer or a miss, within bounded time. */
@Timeout(60)
class RedisFaultTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Answer ANSWER = Answer.text("the answer to q");

  /** Tells a call that hangs from one on a busy machine; the calls' own bound is far below. */
  private static final long HANG_NANOS = Duration.ofSeconds(2).toNanos();

  private static RedisProcess server;
  private FaultyProxy proxy;

  /** Past the proxy. */
  private RedisExactTier direct;

  /** Through the proxy, with a deadline that a busy machine keeps: the fault is all it meets. */
  private RedisExactTier tier;

  /** Through the proxy, with a deadline that is soon over. */
  private RedisExactTier hasty;

  @BeforeAll
  static void startServer() {
    server = new RedisProcess();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void openTiers() {
    server.flush();
    proxy = new FaultyProxy(server.port());
    direct = builder(server.uri()).open();
    tier = builder(proxy.uri()).open();
    hasty = builder(proxy.uri()).deadline(Duration.ofMillis(25)).open();
    direct.store(SCOPE, "q", ANSWER, HOUR);
  }

  @AfterEach
  void closeTiers() {
    hasty.close();
    tier.close();
    direct.close();
    proxy.close();
  }

  /** With a circuit that does not open, for the faults to be met one by one. */
  private static RedisExactTierBuilder builder(String uri) {
    return RedisExactTier.at(uri)
        .secret(new byte[32])
        .deadline(Duration.ofSeconds(5))
        .connectTimeout(Duration.ofSeconds(1))
        .failuresMax(1000);
  }

  private static Optional<Answer> find(RedisExactTier in, String text) {
    long start = System.nanoTime();
    Optional<Answer> found = in.find(SCOPE, text);
    assertTrue(System.nanoTime() - start < HANG_NANOS, "find hangs");
    return found;
  }

  private void assertMiss(RedisExactTier in, Fault fault, RedisTrouble trouble) {
    proxy.fault(fault);
    long before = in.stats().count(trouble);
    assertEquals(Optional.empty(), find(in, "q"));
    assertEquals(before + 1, in.stats().count(trouble), () -> in.stats().toString());
  }

  /** Polls, since the first call after a fault may meet what is left of it. */
  private void assertHitsAgain(RedisExactTier in) {
    proxy.fault(FaultyProxy.NONE);
    long start = System.nanoTime();
    while (!find(in, "q").equals(Optional.of(ANSWER))) {
      assertTrue(System.nanoTime() - start < 5 * HANG_NANOS, "no hit after the fault");
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void find_connectionCut_missesAndHitsAgain() {
    assertMiss(tier, FaultyProxy.CUT, RedisTrouble.BROKEN);
    assertHitsAgain(tier);
  }

  @Test
  void find_halfAReplyThenCut_missesAndHitsAgain() {
    assertMiss(tier, FaultyProxy.HALF_THEN_CUT, RedisTrouble.BROKEN);
    assertHitsAgain(tier);
  }

  @Test
  void find_halfAReplyThenNothing_missesAndHitsAgain() {
    assertMiss(hasty, FaultyProxy.HALF_THEN_STALL, RedisTrouble.TIMEOUT);
    assertHitsAgain(hasty);
  }

  @Test
  void find_noReply_missesAndNeverUsesTheConnectionAgain() {
    assertHitsAgain(hasty);
    int before = proxy.connectionCount();
    assertMiss(hasty, FaultyProxy.STALL, RedisTrouble.TIMEOUT);
    assertHitsAgain(hasty);
    assertTrue(proxy.connectionCount() > before, "the timed-out connection was used again");
  }

  @Test
  void find_replyThatTricklesIn_missesWithinTheBound() {
    Fault trickle =
        (chunk, client) -> {
          for (byte b : chunk) {
            client.write(b);
            client.flush();
            // Each byte comes in time, the last of them never would.
            LockSupport.parkNanos(Duration.ofMillis(12).toNanos());
          }
        };
    assertMiss(hasty, trickle, RedisTrouble.TIMEOUT);
    assertHitsAgain(hasty);
  }

  @Test
  void find_replyOfAnotherKey_missesAndHitsAgain() {
    direct.store(SCOPE, "r", Answer.text("the answer to r"), HOUR);
    for (Object key : (List<?>) server.command(Command.KEYS, "*")) {
      byte[] value = (byte[]) server.command(Command.GET, new String((byte[]) key, ISO_8859_1));
      String text = new String(value, ISO_8859_1).contains("to q") ? "r" : "q";
      proxy.fault(
          FaultyProxy.say("$" + value.length + "\r\n" + new String(value, ISO_8859_1) + "\r\n"));
      assertEquals(Optional.empty(), find(tier, text));
    }
    assertEquals(2, tier.stats().undecodable());
    assertHitsAgain(tier);
  }

  @Test
  void find_valueWithAnyByteChanged_misses() {
    Random random = new Random(Long.getLong("seed", 7));
    proxy.fault(
        (chunk, client) -> {
          // Past the length, which has tests of its own, and before the closing line end.
          int start = new String(chunk, ISO_8859_1).indexOf('\n') + 1;
          flipOneBit(random, chunk, start, chunk.length - 2);
          client.write(chunk);
        });
    for (int i = 0; i < 100; i++) {
      assertEquals(Optional.empty(), find(tier, "q"));
    }
    assertEquals(100, tier.stats().undecodable());
    assertHitsAgain(tier);
  }

  @Test
  void find_valueCopiedUnderAnotherKey_misses() {
    direct.store(SCOPE, "r", Answer.text("the answer to r"), HOUR);
    List<?> keys = (List<?>) server.command(Command.KEYS, "*");
    String first = new String((byte[]) keys.get(0), ISO_8859_1);
    String second = new String((byte[]) keys.get(1), ISO_8859_1);
    server.command(Command.RENAME, first, second);
    assertEquals(Optional.empty(), find(tier, "q"));
    assertEquals(Optional.empty(), find(tier, "r"));
    assertEquals(1, tier.stats().undecodable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "*-2\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        "%x\r\n",
        "$x\r\n",
        "$-2\r\n",
        "$99999999999999999999\r\n",
        "$2\r\nabcd",
        "\0\0\0\0\0\0\0\0"
      })
  void find_notTheProtocol_missesAndHitsAgain(String reply) {
    assertMiss(tier, FaultyProxy.say(reply), RedisTrouble.BROKEN);
    assertHitsAgain(tier);
  }

  @Test
  void find_endlessLine_missesAndHitsAgain() {
    assertMiss(tier, FaultyProxy.say("+" + "x".repeat(100_000)), RedisTrouble.BROKEN);
    assertHitsAgain(tier);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$2000000000\r\n", "*1\r\n$1\r\nx\r\n", "+OK\r\n", ":1\r\n", "$0\r\n\r\n"})
  void find_replyToSomethingElse_missesAndNeverUsesTheConnectionAgain(String reply) {
    assertMiss(tier, FaultyProxy.say(reply), RedisTrouble.UNDECODABLE);
    assertHitsAgain(tier);
    assertEquals(2, proxy.connectionCount());
  }

  @Test
  void find_replyThatNobodyAskedFor_isNotTakenForTheNext() {
    proxy.fault(FaultyProxy.TWICE);
    for (int i = 0; i < 20; i++) {
      assertEquals(Optional.empty(), find(tier, "absent"));
      find(tier, "q").ifPresent(found -> assertEquals(ANSWER, found));
    }
    assertTrue(tier.stats().count(RedisTrouble.BROKEN) > 0, () -> tier.stats().toString());
    assertHitsAgain(tier);
  }

  @ParameterizedTest
  @ValueSource(strings = {":1\r\n", "$-1\r\n", "+QUEUED\r\n", "$2000000000\r\n"})
  void store_replyToSomethingElse_isNotConfirmed(String reply) {
    proxy.fault(FaultyProxy.say(reply));
    assertFalse(tier.store(SCOPE, "s", ANSWER, HOUR));
    assertEquals(1, tier.stats().undecodable());
  }

  @ParameterizedTest
  @ValueSource(strings = {"+OK\r\n", ":2\r\n", "$-1\r\n"})
  void remove_replyToSomethingElse_isNotConfirmed(String reply) {
    proxy.fault(FaultyProxy.say(reply));
    assertFalse(tier.remove(SCOPE, "q"));
    assertEquals(1, tier.stats().undecodable());
  }

  @Test
  void find_errorReply_missesAndKeepsTheConnection() {
    Fault loading = FaultyProxy.say("-LOADING Redis is loading the dataset in memory\r\n");
    assertMiss(tier, loading, RedisTrouble.ERROR_REPLY);
    assertHitsAgain(tier);
    assertEquals(1, proxy.connectionCount());
  }

  @Test
  void find_interruptedCaller_missesAndKeepsTheStatus() {
    proxy.fault(FaultyProxy.STALL);
    Thread.currentThread().interrupt();
    Optional<Answer> found = tier.find(SCOPE, "q");
    assertTrue(Thread.interrupted());
    assertEquals(Optional.empty(), found);
    assertEquals(1, tier.stats().count(RedisTrouble.INTERRUPTED));
    assertHitsAgain(tier);
  }

  @Test
  void call_writeThatBlocks_isGivenUpWithinTheBound() throws IOException {
    try (SilentServer silent = new SilentServer();
        Servers servers =
            Servers.open(builder(silent.uri()).deadline(Duration.ofMillis(25)).servers())) {
      // More than the buffers of both ends hold.
      CommandArguments set = new CommandArguments(Command.SET).key("k").add(new byte[64 << 20]);
      long start = System.nanoTime();
      assertEquals(Optional.empty(), servers.ask(0, set, reply -> reply));
      assertTrue(System.nanoTime() - start < HANG_NANOS, "call hangs");
      assertEquals(Map.of(RedisTrouble.TIMEOUT, 1L), servers.troubles());
    }
  }

  @Test
  void find_allConnectionsStalled_missesWithinTheBound() {
    Duration soon = Duration.ofMillis(25);
    try (RedisExactTier narrow = builder(proxy.uri()).deadline(soon).connectionsMax(1).open()) {
      proxy.fault(FaultyProxy.STALL);
      long start = System.nanoTime();
      IntStream.range(0, 8).parallel().forEach(i -> assertEquals(0, countHits(narrow)));
      assertTrue(System.nanoTime() - start < 8 * HANG_NANOS, "find hangs");
      assertEquals(8, narrow.stats().misses());
      assertHitsAgain(narrow);
    }
  }

  private static int countHits(RedisExactTier of) {
    return of.find(SCOPE, "q").isPresent() ? 1 : 0;
  }

  @Test
  void find_repliesSwappedBetweenConnections_neverGivesAWrongAnswer() {
    direct.store(SCOPE, "r", Answer.text("the answer to r"), HOUR);
    proxy.fault(FaultyProxy.swap());
    IntStream.range(0, 100)
        .parallel()
        .mapToObj(i -> i % 2 == 0 ? "q" : "r")
        .forEach(
            text ->
                hasty
                    .find(SCOPE, text)
                    .ifPresent(found -> assertEquals("the answer to " + text, found.text())));
    assertTrue(hasty.stats().hits() < 100, () -> hasty.stats().toString());
    assertHitsAgain(hasty);
  }

  @Test
  void allCalls_faultsAtRandom_neverGiveAWrongAnswer() {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random faults = new Random(seed);
    proxy.fault((chunk, client) -> faultAtRandom(faults).reply(chunk, client));
    Random calls = new Random(seed + 1);
    int hitCount = 0;
    for (int i = 0; i < 1500; i++) {
      String text = "q" + calls.nextInt(20);
      long start = System.nanoTime();
      if (calls.nextInt(3) == 0) {
        hasty.store(SCOPE, text, Answer.text(text + "/" + calls.nextLong()), HOUR);
      } else {
        Optional<Answer> found = hasty.find(SCOPE, text);
        assertTrue(
            found.map(Answer::text).orElse(text + "/").startsWith(text + "/"),
            () -> found + " for " + text + ", seed " + seed);
        hitCount += found.isPresent() ? 1 : 0;
      }
      assertTrue(System.nanoTime() - start < HANG_NANOS, "call hangs, seed " + seed);
    }
    assertTrue(hitCount > 100, hitCount + " hits only, seed " + seed);
    RedisStats stats = hasty.stats();
    assertEquals(stats.finds(), stats.hits() + stats.misses());
    assertHitsAgain(hasty);
  }

  /** Three of four replies pass. */
  private static synchronized Fault faultAtRandom(Random random) {
    return switch (random.nextInt(40)) {
      case 0 -> FaultyProxy.STALL;
      case 1 -> FaultyProxy.HALF_THEN_STALL;
      case 2, 3 -> FaultyProxy.CUT;
      case 4, 5 -> FaultyProxy.HALF_THEN_CUT;
      case 6 -> FaultyProxy.TWICE;
      case 7 -> FaultyProxy.say("+OK\r\n");
      case 8 -> FaultyProxy.say("$-1\r\n");
      case 9 ->
          (chunk, client) -> {
            flipOneBit(random, chunk, 0, chunk.length);
            client.write(chunk);
          };
      default -> FaultyProxy.NONE;
    };
  }

  private static synchronized void flipOneBit(Random random, byte[] chunk, int from, int to) {
    chunk[random.nextInt(from, to)] ^= (byte) (1 << random.nextInt(8));
  }
}
