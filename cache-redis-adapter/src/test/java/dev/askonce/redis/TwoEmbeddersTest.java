package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.Texts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** Caches with different embedders share an installation and a scope, and so a log. */
class TwoEmbeddersTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final int ENTRIES = 120;

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
