package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LookupOptions;
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

/** Caches that share through a server that loses what it was given, or takes no more. */
class RedisReplicationFaultTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final int ENTRIES = 150;

  @TempDir Path directory;

  private final RedisProcess server = new RedisProcess();
  private final AtomicLong aheadMillis = new AtomicLong();
  private Fleet fleet;

  @BeforeEach
  void open() {
    fleet = new Fleet(server.uri(), directory);
    fleet.settings = Fleet::quick;
    fleet.cacheSettings = cache -> cache.clock(() -> Instant.now().plusMillis(aheadMillis.get()));
  }

  @AfterEach
  void close() {
    fleet.close();
    server.close();
  }

  @Test
  void flush_afterWhichOthersGoOn_losesNothing() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "before", Answer.text("1"));
    b.awaitAnswer(SCOPE, "before", "1");
    server.flush();
    // The log goes on as if nothing had been, before anybody looks whether it is whole.
    b.cache().put(SCOPE, "after", Answer.text("2"));
    a.awaitAnswer(SCOPE, "after", "2");
    Fleet.Member c = fleet.member("c");
    c.awaitAnswer(SCOPE, "before", "1");
    c.awaitAnswer(SCOPE, "after", "2");
  }

  @Test
  void restart_afterWhichThePublisherIsFirst_losesNothing() {
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "before", Answer.text("1"));
    a.awaitPublished();
    server.kill();
    a.cache().put(SCOPE, "during", Answer.text("2"));
    server.start();
    a.awaitPublished();
    Fleet.Member b = fleet.member("b");
    b.awaitAnswer(SCOPE, "during", "2");
    b.awaitAnswer(SCOPE, "before", "1");
  }

  @Test
  void repairRefused_andTheCacheKilled_isDoneAfter() {
    server.command(Command.ACL, "SETUSER", "other", "on", ">pw", "~*", "&*", "+@all");
    String otherUser = server.uri().replace("redis://", "redis://other:pw@");
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "before", Answer.text("1"));
    a.awaitPublished();
    // From here on the log takes nothing more from this cache, and something from another.
    server.command(Command.ACL, "SETUSER", "default", "-xadd");
    server.flush();
    fleet.memberAt("c", otherUser).cache().put(SCOPE, "after", Answer.text("2"));
    a.awaitAnswer(SCOPE, "after", "2");
    // What waits is older than what a checkpoint says of the queue.
    aheadMillis.set(60_000);
    Await.until(
        () -> "a checkpoint that has the scope at its beginning, not " + a.checkpoint(),
        () -> a.checkpoint().map(Checkpoint::scopes).orElse(Map.of()).containsValue(StreamId.ZERO));
    a.kill();
    server.command(Command.ACL, "SETUSER", "default", "+xadd");
    a.open();
    fleet.member("d").awaitAnswer(SCOPE, "before", "1");
  }

  @Test
  void idleScope_afterReopening_comesBack() {
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    a.awaitPublished();
    Await.until("its own record was read", () -> a.stats().received() > 0);
    a.close();
    fleet.settings = builder -> Fleet.quick(builder).idleAfter(Duration.ofSeconds(1));
    a.open();
    Await.until("the scope has left", () -> a.stats().scopes() == 0);
    a.awaitAnswer(SCOPE, "q", "x");
  }

  @Test
  void newerEntryThatDoesNotFit_removesTheOlder() {
    Fleet.Member a = fleet.member("a");
    fleet.cacheSettings = cache -> cache.answerBytesMax(256);
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    b.awaitAnswer(SCOPE, "q", "x");
    a.cache().put(SCOPE, "q", Answer.text("long".repeat(1_000)));
    b.awaitMiss(SCOPE, "q");
  }

  @Test
  void snapshotEvicted_isNoticed() {
    Fleet.Member a = snapshotWithoutHistory();
    delete(":snap:");
    Fleet.Member b = fleet.member("b");
    awaitAll(b);
    assertTrue(a.stats().losses() > 0, () -> "" + a.stats());
  }

  @Test
  void logEvicted_besideItsSnapshot_isNotLostAgainAndAgain() {
    Fleet.Member a = snapshotWithoutHistory();
    delete(":log:");
    server.command(Command.CLIENT, "KILL", "TYPE", "normal");
    Await.until(() -> "it is noticed: " + a.stats(), () -> a.stats().losses() > 0);
    long losses = a.stats().losses();
    for (int i = 0; i < 4; i++) {
      // Each new connection makes it look at once whether the log is whole.
      long looks = calls("get");
      long joins = a.stats().joins();
      long before = a.stats().losses();
      server.command(Command.CLIENT, "KILL", "TYPE", "normal");
      Await.until("it looks", () -> calls("get") > looks);
      Await.until("it read", () -> a.stats().losses() == before || a.stats().joins() > joins);
    }
    assertTrue(a.stats().losses() <= losses + 1, () -> losses + " before " + a.stats());
    a.cache().put(SCOPE, "later", Answer.text("y"));
    Fleet.Member b = fleet.member("b");
    awaitAll(b);
    b.awaitAnswer(SCOPE, "later", "y");
  }

  private long calls(String command) {
    String stats = new String((byte[]) server.command(Command.INFO, "commandstats"));
    int at = stats.indexOf("cmdstat_" + command + ":calls=");
    return at < 0 ? 0 : Long.parseLong(stats.substring(stats.indexOf('=', at) + 1).split(",")[0]);
  }

  @Test
  void partOfSnapshotEvicted_isMadeGood() {
    Fleet.Member a = snapshotWithoutHistory();
    long before = a.stats().snapshots();
    server.keys().stream()
        .filter(key -> key.contains(":snap:") && key.split(":").length > 5)
        .forEach(key -> server.command(Command.DEL, key));
    Fleet.Member b = fleet.member("b");
    awaitAll(b);
    assertTrue(b.stats().chunksMissing() > 0, () -> "" + b.stats());
    Await.until(
        () -> "another snapshot: " + a.stats() + b.stats(),
        () -> a.stats().snapshots() + b.stats().snapshots() > before);
    Fleet.Member c = fleet.member("c");
    awaitAll(c);
    assertEquals(0, c.stats().chunksMissing());
  }

  /** {@return a cache whose scope is in a snapshot, and all but the last record cut off the log} */
  private Fleet.Member snapshotWithoutHistory() {
    fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(100);
    Fleet.Member a = fleet.member("a");
    for (int i = 0; i < ENTRIES; i++) {
      a.cache().put(SCOPE, "q" + i, Answer.text("x" + i));
    }
    a.awaitPublished();
    Await.until(() -> "a snapshot: " + a.stats(), () -> a.stats().snapshots() > 0);
    fleet.settings = Fleet::quick;
    server.keys().stream()
        .filter(key -> key.contains(":log:"))
        .forEach(key -> server.command(Command.XTRIM, key, "MAXLEN", "1"));
    // It is looked at every five seconds.
    Await.until(() -> "read: " + a.stats(), () -> a.stats().received() >= ENTRIES);
    long seen = System.nanoTime();
    Await.until("it was seen", () -> System.nanoTime() - seen > 6_000_000_000L);
    return a;
  }

  private void delete(String part) {
    server.keys().stream()
        .filter(key -> key.contains(part))
        .forEach(key -> server.command(Command.DEL, key));
  }

  private static void awaitAll(Fleet.Member member) {
    for (int i = 0; i < ENTRIES; i++) {
      member.awaitAnswer(SCOPE, "q" + i, "x" + i);
    }
  }

  @Test
  void lease_whoseAnswerWasRemovedBeforeItWasPublished_ends() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    LoadTicket leader = a.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
    assertEquals(LoadTicket.Role.LEADER, leader.role());
    server.command(Command.CONFIG, "SET", "maxmemory", "1");
    leader.fulfil(Answer.text("x"), PutOptions.DEFAULTS.tags("t"));
    assertEquals(1, a.cache().invalidateTag("t"));
    server.command(Command.CONFIG, "SET", "maxmemory", "0");
    a.awaitPublished();
    Await.until(
        "another cache leads",
        () -> {
          LoadTicket ticket = b.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
          LoadTicket.Role role = ticket.role();
          ticket.close();
          return role == LoadTicket.Role.LEADER;
        });
  }
}
