package dev.askonce.redis.internal.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.SnapshotManifest;
import dev.askonce.redis.internal.log.Tombstones;
import dev.askonce.redis.internal.server.Servers;
import dev.askonce.redis.internal.server.Streams;
import dev.askonce.redis.internal.server.TestServers;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two caches that both find it time for a snapshot of one scope. */
class SnapshotterTest {
  private static final Hash128 SCOPE = new Hash128(1, 2);
  private static final Keys KEYS = new Keys("test");
  private static final long RETENTION_MILLIS = Duration.ofDays(1).toMillis();
  private static final long MANY = 1_000;

  @TempDir Path directory;

  private final RedisProcess server = new RedisProcess();
  private final FakeReplica replica = new FakeReplica();
  private Servers servers;
  private Commands commands;
  private Cache a;
  private Cache b;

  @BeforeEach
  void open() throws LinkDown {
    servers = Servers.open(TestServers.settings(server.uri()));
    commands = new Commands(servers);
    a = new Cache("a");
    b = new Cache("b");
    publish(3);
  }

  @AfterEach
  void close() {
    a.tombstones.close();
    b.tombstones.close();
    servers.close();
    server.close();
  }

  /** What of a cache makes its snapshots. */
  private final class Cache {
    final Counters counters = new Counters();
    final Sealer sealer = new Sealer(Fleet.secret((byte) 1), "test", 1);
    final Subscription stream = new Subscription(KEYS.log(SCOPE), Keys.shard(SCOPE), false);
    final Snapshots snapshots = new Snapshots(commands, KEYS, sealer, counters);
    final Tombstones tombstones;
    private final Snapshotter snapshotter;

    Cache(String token) {
      tombstones = Tombstones.open(directory.resolve(token), replica::nowMillis);
      snapshotter =
          new Snapshotter(
              commands,
              KEYS,
              sealer,
              snapshots,
              replica,
              tombstones,
              counters,
              RETENTION_MILLIS,
              token,
              call -> {});
    }

    /** Makes a snapshot if there is need. {@return how many were made so far} */
    long snapshot() {
      stream.records = MANY;
      snapshotter.snapshot(stream);
      return counters.snapshots.sum();
    }
  }

  private void publish(long key) throws LinkDown {
    LogRecord put =
        new LogRecord.Put(
            FakeReplica.entry(SCOPE, new Hash128(0, key), replica.nowMillis(), "an answer"));
    byte[] sealed = a.sealer.seal(a.stream.stream, put).bytes();
    commands.all(a.stream.shard, List.of(Streams.add(a.stream.key, sealed)));
  }

  @Test
  void snapshot_whereAnotherMadeOne_countsAnew() throws LinkDown {
    assertEquals(1, a.snapshot());
    publish(4);
    assertEquals(0, b.snapshot(), "one of them is enough");
    assertEquals(0, b.stream.records);
    // It has as many again, since that one.
    assertEquals(1, b.snapshot());
    assertEquals(1, a.snapshot(), "now the other's");
    SnapshotManifest manifest = a.snapshots.find(a.stream).orElseThrow();
    assertEquals(manifest.generation(), b.stream.snapshot);
  }

  @Test
  void snapshot_ofWhatIsInOneAlready_isNotMade() throws LinkDown {
    assertEquals(1, a.snapshot());
    assertEquals(1, a.snapshot());
    assertEquals(0, a.stream.records);
    publish(4);
    assertEquals(2, a.snapshot());
    assertTrue(a.snapshots.find(a.stream).orElseThrow().covers().millis() > 0);
  }
}
