package dev.askonce.bench.replication;

import dev.askonce.engine.SemanticCache;
import dev.askonce.redis.RedisReplication;
import dev.askonce.redis.ReplicationStats;
import dev.askonce.redis.rig.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** One of the caches, as if in a JVM of its own. */
final class Member implements AutoCloseable {
  private static final int SNAPSHOT_EVERY = 200;

  private final String uri;
  private final Path store;
  private RedisReplication replication;
  private SemanticCache cache;
  private long joins;
  private long losses;
  private long snapshots;

  Member(String uri, Path store) {
    this.uri = uri;
    this.store = store;
  }

  void open() {
    replication =
        RedisReplication.at(uri)
            .secret(new byte[32])
            .deadline(Duration.ofMillis(100))
            .transferDeadline(Duration.ofMillis(250))
            .backoff(Duration.ofMillis(20))
            .patience(Duration.ofMillis(100))
            .startWait(Duration.ofMillis(50))
            .closeWait(Duration.ofMillis(1))
            .snapshotEvery(SNAPSHOT_EVERY)
            .build();
    cache =
        SemanticCache.at(store)
            .embedder(new Texts())
            .entriesMax(4096)
            .answerBytesMax(1024)
            .textCharsMax(200)
            .replication(replication)
            .open();
  }

  SemanticCache cache() {
    return cache;
  }

  ReplicationStats stats() {
    return replication.stats();
  }

  /** What waits in memory is gone; the checkpoint is the one that was there: as after a kill. */
  void kill() throws IOException {
    Path checkpoint = store.resolve("REPLICATION");
    byte[] noted = Files.exists(checkpoint) ? Files.readAllBytes(checkpoint) : null;
    close();
    if (noted == null) {
      Files.deleteIfExists(checkpoint);
    } else {
      Files.write(checkpoint, noted);
    }
  }

  @Override
  public void close() {
    if (cache == null) {
      return;
    }
    ReplicationStats last = stats();
    joins += last.joins();
    losses += last.losses();
    snapshots += last.snapshots();
    cache.close();
    cache = null;
  }

  /** {@return those until it was closed last} */
  long joins() {
    return joins;
  }

  /** {@return those until it was closed last} */
  long losses() {
    return losses;
  }

  /** {@return those until it was closed last} */
  long snapshots() {
    return snapshots;
  }
}
