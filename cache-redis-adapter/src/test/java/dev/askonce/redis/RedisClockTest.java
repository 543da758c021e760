package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.redis.internal.log.Checkpoint;
import dev.askonce.redis.internal.server.StreamId;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** Caches whose clocks are wrong, for a moment or for good. */
class RedisClockTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  @TempDir Path directory;

  private final RedisProcess server = new RedisProcess();
  private final AtomicLong ahead = new AtomicLong();
  private Fleet fleet;

  @BeforeEach
  void open() {
    fleet = new Fleet(server.uri(), directory);
    fleet.settings = Fleet::quick;
  }

  @AfterEach
  void close() {
    fleet.close();
    server.close();
  }

  /** {@return a cache whose clock is ahead by what the test says} */
  private Fleet.Member memberWithClock(String name) {
    var others = fleet.cacheSettings;
    fleet.cacheSettings = cache -> cache.clock(() -> Instant.now().plusMillis(ahead.get()));
    Fleet.Member member = fleet.member(name);
    fleet.cacheSettings = others;
    return member;
  }

  @Test
  void clockThatLeapsForAMoment_forgetsNoRemoval() {
    fleet.settings = replication -> Fleet.quick(replication).idleAfter(Duration.ofSeconds(1));
    Fleet.Member a = memberWithClock("a");
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    b.awaitAnswer(SCOPE, "q", "x");
    b.close();
    assertTrue(a.cache().invalidate(a.cache().lookup(SCOPE, "q").hit().orElseThrow().id()));
    a.awaitPublished();
    ahead.set(60 * DAY);
    // Idle scopes leave after removals are tidied.
    a.cache().lookup(SCOPE, "another");
    Await.until(() -> "the scope has left: " + a.stats(), () -> a.stats().scopes() == 0);
    ahead.set(0);
    // What is here is all that says so.
    server.flush();
    a.cache().lookup(SCOPE, "another");
    fleet.settings = Fleet::quick;
    b.open();
    b.awaitMiss(SCOPE, "q");
    a.awaitMiss(SCOPE, "q");
  }

  @Test
  void putAfterALeap_isPublishedAlthoughTheCacheIsKilled() {
    Fleet.Member a = memberWithClock("a");
    a.cache().put(SCOPE, "before", Answer.text("x"));
    Await.until("noted", () -> a.checkpoint().map(Checkpoint::scopes).orElse(Map.of()).size() > 0);
    var noted = a.checkpoint().orElseThrow().scopes();
    ahead.set(DAY);
    a.cache().put(SCOPE, "during", Answer.text("x"));
    Await.until(
        "noted by the wrong clock",
        () -> {
          var now = a.checkpoint().orElseThrow().scopes();
          return !now.equals(noted) && !now.containsValue(StreamId.ZERO);
        });
    server.command(Command.CONFIG, "SET", "maxmemory", "1");
    ahead.set(0);
    a.cache().put(SCOPE, "after", Answer.text("x"));
    a.kill();
    server.command(Command.CONFIG, "SET", "maxmemory", "0");
    a.open();
    Fleet.Member b = fleet.member("b");
    b.awaitAnswer(SCOPE, "after", "x");
  }

  @Test
  void entryThatCameWhileTheClockWasWrong_isTakenAfterwards() {
    Fleet.Member a = memberWithClock("a");
    Fleet.Member b = fleet.member("b");
    a.cache().lookup(SCOPE, "q");
    Await.until("a tails it", () -> a.stats().scopesJoining() == 0);
    ahead.set(60 * DAY);
    b.cache().put(SCOPE, "q", Answer.text("x"));
    Await.until(() -> "refused: " + a.stats(), () -> a.stats().entriesOutOfTime() > 0);
    ahead.set(0);
    a.awaitAnswer(SCOPE, "q", "x");
  }

  @Test
  void entryFromTheFuture_isTakenWhenItsTimeHasCome() {
    ahead.set(10 * MINUTE);
    Fleet.Member a = memberWithClock("a");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    a.awaitPublished();
    AtomicLong behind = new AtomicLong();
    fleet.cacheSettings = cache -> cache.clock(() -> Instant.now().plusMillis(behind.get()));
    Fleet.Member b = fleet.member("b");
    b.cache().lookup(SCOPE, "q");
    Await.until(() -> "refused: " + b.stats(), () -> b.stats().entriesOutOfTime() > 0);
    behind.set(6 * MINUTE);
    b.awaitAnswer(SCOPE, "q", "x");
  }

  @Test
  void removalOfWhatAClockAheadPut_isKeptUntilThatIsOver() {
    ahead.set(4 * MINUTE);
    Duration retention = Duration.ofDays(30);
    Fleet.Member a = memberWithClock("a");
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "q", Answer.text("x"), PutOptions.DEFAULTS.ttl(retention));
    long expires = System.currentTimeMillis() + 4 * MINUTE + retention.toMillis() - 10_000;
    b.awaitAnswer(SCOPE, "q", "x");
    assertTrue(b.cache().invalidate(b.cache().lookup(SCOPE, "q").hit().orElseThrow().id()));
    assertEquals(1, b.removals().size());
    b.removals()
        .forEach((removal, until) -> assertTrue(until >= expires, until + " before " + expires));
  }
}
