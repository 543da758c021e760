package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.internal.log.Opening;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.SnapshotChunks;
import dev.askonce.redis.internal.log.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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
   * {@return whether there is something in the place of a scope's snapshot that is none} Whoever
   * put it there, what it hides is not in the log alone.
   */
  boolean isForged(Subscription stream) throws LinkDown {
    if (stream.isControl()) {
      return false;
    }
    String key = keys.manifest(stream.scope());
    Optional<byte[]> found = commands.get(stream.shard, key);
    boolean forged =
        found.isPresent()
            && !SnapshotManifest.isNewer(found.get())
            && SnapshotManifest.open(sealer, key, found.get()).isEmpty();
    if (forged) {
      counters.skipped.get(Opening.Reason.UNSEALED).increment();
    }
    return forged;
  }

  /**
   * Shows the sealed records of a snapshot, in order.
   *
   * @param action takes a record, and says whether its seal holds
   * @return whether all were there
   */
  boolean read(Subscription stream, SnapshotManifest manifest, Predicate<byte[]> action)
      throws LinkDown {
    Hash128 scope = stream.scope();
    long generation = manifest.generation();
    int missing = 0;
    long recordCount = 0;
    long byteSum = 0;
    boolean isSound = true;
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
          // Anybody can make a chunk; in the place of what is not sealed there was another record.
          isSound &= action.test(record);
        }
        missing += records.isPresent() ? 0 : 1;
      }
    }
    boolean isAll = recordCount == manifest.recordCount() && byteSum == manifest.byteSum();
    if (missing == 0 && !(isSound && isAll)) {
      missing = 1;
    }
    counters.chunksMissing.add(missing);
    return missing == 0;
  }
}
