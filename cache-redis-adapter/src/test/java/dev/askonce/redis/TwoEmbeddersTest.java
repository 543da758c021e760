package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.SnapshotChunks;
import dev.askonce.redis.internal.replication.Keys;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.Texts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** Caches with different embedders share an installation and a scope, and so a log. */
class TwoEmbeddersTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final int ENTRIES = 120;
  private static final Duration DAYS = Duration.ofDays(10);

  @TempDir Path directory;

  @Test
  void snapshotOfOne_keepsTheRecordsOfTheOther() {
    try (RedisProcess server = new RedisProcess();
        Fleet fleet = new Fleet(server.uri(), directory)) {
      fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(100);
      Fleet.Member first = fleet.member("first");
      putAll(first, "one");
      awaitSnapshot(first);
      first.close();

      fleet.cacheSettings = builder -> builder.embedder(new Texts("another"));
      Fleet.Member other = fleet.member("other");
      // Once it has read, and skipped, what is there.
      Await.until(
          () -> "the first one's records were read: " + other.stats(),
          () -> {
            other.cache().lookup(SCOPE, "q");
            return other.stats().skippedForeign() >= ENTRIES;
          });
      assertFalse(other.cache().lookup(SCOPE, "q0").isHit());
      putAll(other, "two");
      awaitSnapshot(other);
      // What is not in a snapshot is gone.
      server.keys().stream()
          .filter(key -> key.contains(":log:"))
          .forEach(key -> server.command(Command.DEL, key));
      other.close();

      fleet.cacheSettings = builder -> builder;
      Fleet.Member late = fleet.member("late");
      fleet.cacheSettings = builder -> builder.embedder(new Texts("another"));
      Fleet.Member otherLate = fleet.member("otherLate");
      for (int i = 0; i < ENTRIES; i++) {
        late.awaitAnswer(SCOPE, "q" + i, "one " + i);
        otherLate.awaitAnswer(SCOPE, "q" + i, "two " + i);
      }
      assertEquals(ENTRIES, late.stats().entriesStored());
      assertTrue(otherLate.stats().skippedForeign() >= ENTRIES);
    }
  }

  /** Neither can take the other's answer over, so neither waits for it. */
  @Test
  void loads_ofBoth_areLedByEach() {
    try (RedisProcess server = new RedisProcess();
        Fleet fleet = new Fleet(server.uri(), directory)) {
      fleet.settings = Fleet::quick;
      Fleet.Member first = fleet.member("first");
      Fleet.Member firstToo = fleet.member("firstToo");
      fleet.cacheSettings = builder -> builder.embedder(new Texts("another"));
      Fleet.Member other = fleet.member("other");
      try (LoadTicket ones = first.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
          LoadTicket waiting = firstToo.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
          LoadTicket others = other.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS)) {
        assertEquals(LoadTicket.Role.LEADER, ones.role());
        assertEquals(LoadTicket.Role.FOLLOWER, waiting.role());
        assertEquals(LoadTicket.Role.LEADER, others.role());
        ones.fulfil(Answer.text("one"), PutOptions.DEFAULTS);
        others.fulfil(Answer.text("two"), PutOptions.DEFAULTS);
        assertEquals(LoadTicket.Role.HIT, waiting.await(Duration.ofSeconds(20)));
        assertEquals("one", waiting.lookup().answer().orElseThrow().text());
        assertTrue(other.has(SCOPE, "q", "two"));
      }
    }
  }

  /**
   * One kind of cache is no more: what it has left is kept for its time, and its uses and what it
   * has replaced are not.
   */
  @Test
  void snapshotOfOne_keepsOfTheOtherOnlyWhatIsInItsTime() {
    try (RedisProcess server = new RedisProcess();
        Fleet fleet = new Fleet(server.uri(), directory)) {
      AtomicLong aheadMillis = new AtomicLong();
      fleet.settings = Fleet::quick;
      fleet.cacheSettings = builder -> builder.embedder(new Texts("gone"));
      Fleet.Member gone = fleet.member("gone");
      PutOptions hour = PutOptions.DEFAULTS.ttl(Duration.ofHours(1));
      for (int i = 0; i < 3; i++) {
        gone.cache().put(SCOPE, "replaced", Answer.text("x" + i), hour);
      }
      gone.cache().put(SCOPE, "kept", Answer.text("y"), PutOptions.DEFAULTS.ttl(DAYS));
      gone.awaitPublished();
      gone.close();

      fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(10);
      fleet.cacheSettings =
          builder -> builder.clock(() -> Instant.now().plusMillis(aheadMillis.get()));
      Fleet.Member stays = fleet.member("stays");
      putAll(stays, "one");
      awaitInSnapshot(server, 2);
      // A clock that leaps is not believed at once, but for one that opens.
      stays.close();
      aheadMillis.set(Duration.ofHours(2).toMillis());
      stays.open();
      for (int i = 0; i < 10; i++) {
        stays.cache().put(SCOPE, "again" + i, Answer.text("x"));
      }
      awaitInSnapshot(server, 1);
      assertEquals(0, stays.stats().losses(), () -> "" + stays.stats());
    }
  }

  /** Waits until a snapshot has so many records of the embedder of which it has fewer. */
  private static void awaitInSnapshot(RedisProcess server, long count) {
    Await.until(
        () -> count + " records in the snapshot: " + inSnapshot(server),
        () -> {
          Map<Long, Long> byEmbedder = inSnapshot(server);
          return byEmbedder.size() == 2 && Collections.min(byEmbedder.values()) == count;
        });
  }

  private static Map<Long, Long> inSnapshot(RedisProcess server) {
    Keys keys = new Keys("askonce");
    Sealer sealer = new Sealer(Fleet.secret((byte) 1), "", 0);
    Map<Long, Long> byEmbedder = new HashMap<>();
    for (String name : server.keys()) {
      String[] parts = name.split(":");
      if (parts.length == 6 && server.command(Command.GET, name) instanceof byte[] chunk) {
        long generation = Long.parseLong(parts[4], 16);
        SnapshotChunks.read(generation, Integer.parseInt(parts[5]), chunk).orElseThrow().stream()
            .map(record -> sealer.glance(keys.log(Keys.parse(parts[3]).orElseThrow()), record))
            .forEach(glance -> byEmbedder.merge(glance.vectors().orElseThrow(), 1L, Long::sum));
      }
    }
    return byEmbedder;
  }

  private static void putAll(Fleet.Member member, String answer) {
    for (int i = 0; i < ENTRIES; i++) {
      member.cache().put(SCOPE, "q" + i, Answer.text(answer + " " + i));
    }
  }

  private static void awaitSnapshot(Fleet.Member member) {
    member.awaitPublished();
    Await.until(
        () -> "a snapshot is made: " + member.stats(), () -> member.stats().snapshots() > 0);
  }
}
