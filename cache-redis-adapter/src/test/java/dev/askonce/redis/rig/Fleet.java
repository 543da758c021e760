package dev.askonce.redis.rig;

import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.SemanticCacheBuilder;
import dev.askonce.engine.spi.Removal;
import dev.askonce.redis.RedisReplication;
import dev.askonce.redis.RedisReplicationBuilder;
import dev.askonce.redis.ReplicationStats;
import dev.askonce.redis.internal.log.Checkpoint;
import dev.askonce.redis.internal.log.Tombstones;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Caches of one installation, each as if in a JVM of its own. */
public final class Fleet implements AutoCloseable {
  private final String uri;
  private final Path directory;
  private final List<Member> members = new ArrayList<>();

  /** Applied to every replication that is opened from now on. */
  public UnaryOperator<RedisReplicationBuilder> settings = builder -> builder;

  /** Applied to every cache that is opened from now on. */
  public UnaryOperator<SemanticCacheBuilder> cacheSettings = builder -> builder;

  public Fleet(String uri, Path directory) {
    this.uri = uri;
    this.directory = directory;
  }

  /** One cache; reopened in place. */
  public final class Member implements AutoCloseable {
    private final Path store;
    private String server = uri;
    private RedisReplication replication;
    private SemanticCache cache;

    private Member(String name) {
      store = directory.resolve(name);
    }

    public Member open() {
      replication = settings.apply(RedisReplication.at(server).secret(secret((byte) 1))).build();
      cache =
          cacheSettings
              .apply(SemanticCache.at(store).embedder(new Texts()))
              .replication(replication)
              .open();
      return this;
    }

    /**
     * Ends it as far as the other caches can tell as a kill does: what waits in memory is gone, and
     * its checkpoint is the one that was there.
     */
    public void kill() {
      Path checkpoint = store.resolve("REPLICATION");
      try {
        byte[] noted = Files.exists(checkpoint) ? Files.readAllBytes(checkpoint) : null;
        cache.close();
        if (noted == null) {
          Files.deleteIfExists(checkpoint);
        } else {
          Files.write(checkpoint, noted);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** {@return the checkpoint that was written last, if there is one} */
    public Optional<Checkpoint> checkpoint() {
      return Checkpoint.read(store);
    }

    /** {@return the removals in its file, and until when they are kept} */
    public Map<Removal, Long> removals() {
      Map<Removal, Long> removals = new HashMap<>();
      try (Tombstones file = Tombstones.open(store, () -> 0)) {
        file.forEach(removals::put);
      }
      return removals;
    }

    /** Remembers a removal, as a cache does that is killed before it removes anything. */
    public void remember(Removal removal, long keepUntilMillis) {
      try (Tombstones file = Tombstones.open(store, () -> 0)) {
        file.add(removal, keepUntilMillis);
      }
    }

    public SemanticCache cache() {
      return cache;
    }

    public ReplicationStats stats() {
      return replication.stats();
    }

    public Path store() {
      return store;
    }

    public boolean has(Scope scope, String text, String answer) {
      return cache
          .lookup(scope, text)
          .answer()
          .map(found -> found.text().equals(answer))
          .orElse(false);
    }

    /** Waits until a text has this answer. */
    public void awaitAnswer(Scope scope, String text, String answer) {
      Await.until(
          () -> text + " is answered " + answer + ", not " + cache.lookup(scope, text),
          () -> has(scope, text, answer));
    }

    /** Waits until a text has no answer. */
    public void awaitMiss(Scope scope, String text) {
      Await.until(text + " is not answered", () -> !cache.lookup(scope, text).isHit());
    }

    /** Waits until all that was put and removed here is in the log. */
    public void awaitPublished() {
      Await.until(() -> "all is published: " + stats(), () -> stats().queued() == 0);
    }

    @Override
    public void close() {
      cache.close();
    }
  }

  /** {@return a new cache} */
  public Member member(String name) {
    return memberAt(name, uri);
  }

  /** {@return a new cache that reaches the server another way} */
  public Member memberAt(String name, String server) {
    Member member = new Member(name);
    member.server = server;
    members.add(member.open());
    return member;
  }

  public List<Member> members() {
    return members;
  }

  public static byte[] secret(byte filling) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, filling);
    return secret;
  }

  /** Settings that notice everything sooner. */
  public static RedisReplicationBuilder quick(RedisReplicationBuilder builder) {
    return builder.backoff(Duration.ofMillis(50)).patience(Duration.ofMillis(200));
  }

  @Override
  public void close() {
    members.forEach(Member::close);
  }
}
