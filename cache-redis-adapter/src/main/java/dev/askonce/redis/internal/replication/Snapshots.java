package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.SnapshotChunks;
import dev.askonce.redis.internal.log.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the snapshots of scopes. Threading: any thread. */
final class Snapshots {
  /** Chunks asked for at once. */
  private static final int CHUNKS_AT_ONCE = 4;

  private final Commands commands;
  private final Keys keys;
  private final Sealer sealer;
  private final Counters counters;

  Snapshots(Commands commands, Keys keys, Sealer sealer, Counters counters) {
    this.commands = commands;
    this.keys = keys;
    this.sealer = sealer;
    this.counters = counters;
  }

  /** {@return what a scope's snapshot consists of, if there is one} */
  Optional<SnapshotManifest> find(Subscription stream) throws LinkDown {
    if (stream.isControl()) {
      return Optional.empty();
    }
    String key = keys.manifest(stream.scope());
    return commands
        .get(stream.shard, key)
        .flatMap(bytes -> SnapshotManifest.open(sealer, key, bytes));
  }

  /** {@return whether a scope's snapshot is of a later version, which is not ours to replace} */
  boolean isNewer(Subscription stream) throws LinkDown {
    return commands
        .get(stream.shard, keys.manifest(stream.scope()))
        .filter(SnapshotManifest::isNewer)
        .isPresent();
  }

  /**
   * Shows the sealed records of a snapshot, in order.
   *
   * @return whether all were there
   */
  boolean read(Subscription stream, SnapshotManifest manifest, Consumer<byte[]> action)
      throws LinkDown {
    Hash128 scope = stream.scope();
    long generation = manifest.generation();
    int missing = 0;
    long recordCount = 0;
    long byteSum = 0;
    for (int from = 0; from < manifest.chunkCount(); from += CHUNKS_AT_ONCE) {
      commands.requireOpen();
      int to = Math.min(manifest.chunkCount(), from + CHUNKS_AT_ONCE);
      List<String> names = new ArrayList<>();
      for (int number = from; number < to; number++) {
        names.add(keys.chunk(scope, generation, number));
      }
      List<Optional<byte[]>> chunks = commands.get(stream.shard, names);
      for (int i = 0; i < chunks.size(); i++) {
        int number = from + i;
        Optional<List<byte[]>> records =
            chunks.get(i).flatMap(bytes -> SnapshotChunks.read(generation, number, bytes));
        for (byte[] record : records.orElse(List.of())) {
          recordCount++;
          byteSum += record.length;
          action.accept(record);
        }
        missing += records.isPresent() ? 0 : 1;
      }
    }
    if (missing == 0 && (recordCount != manifest.recordCount() || byteSum != manifest.byteSum())) {
      // Anybody can make a chunk that is empty; only the manifest is sealed.
      missing = 1;
    }
    counters.chunksMissing.add(missing);
    return missing == 0;
  }
}
