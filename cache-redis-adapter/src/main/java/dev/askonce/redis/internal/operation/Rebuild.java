package dev.askonce.redis.internal.operation;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.RebuildReport;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.LogStream;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.SnapshotManifest;
import dev.askonce.redis.internal.replication.Keys;
import dev.askonce.redis.internal.server.Shards;
import dev.askonce.redis.internal.server.Streams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;

/**
 * Makes good what a server has lost. A snapshot that lacks a part is taken apart: the records in
 * what is left of it, which are the log's own, go to the log again, from which the caches make the
 * next one. Then all caches are asked to publish what the logs lack.
 */
public final class Rebuild {
  /** As long as a cache takes at most. */
  private static final long LEASE_MILLIS = TimeUnit.MINUTES.toMillis(2);

  /** Parts of a snapshot that nobody has finished for so long are left over. */
  private static final long STALE_MILLIS = TimeUnit.MINUTES.toMillis(10);

  private static final int BATCH_BYTES = 1 << 20;

  private final Link link;
  private final String prefix;
  private final Keys keys;
  private final Sealer sealer;
  private final long retentionMillis;
  private final LongConsumer progress;
  private long whole;
  private long broken;
  private long restored;
  private long stale;
  private long busy;
  private long newer;

  /**
   * @param progress told how many scopes were looked at so far
   */
  public Rebuild(
      Link link, String prefix, Sealer sealer, long retentionMillis, LongConsumer progress) {
    this.link = link;
    this.prefix = prefix;
    keys = new Keys(prefix);
    this.sealer = sealer;
    this.retentionMillis = retentionMillis;
    this.progress = progress;
  }

  public RebuildReport run(long nowMillis) {
    Map<Hash128, List<KeyName>> byScope = new HashMap<>();
    new Scan(link, prefix)
        .forEach(
            names -> {
              for (KeyName name : names) {
                if (name.kind().equals(KeyName.SNAPSHOT) || name.kind().equals(KeyName.CHUNK)) {
                  Keys.parse(name.hex())
                      .ifPresent(
                          scope ->
                              byScope.computeIfAbsent(scope, s -> new ArrayList<>()).add(name));
                }
              }
            });
    long looked = 0;
    for (Map.Entry<Hash128, List<KeyName>> scope : byScope.entrySet()) {
      mend(scope.getKey(), scope.getValue(), nowMillis);
      progress.accept(++looked);
    }
    call();
    return new RebuildReport(whole, broken, restored, stale, busy, newer);
  }

  private void mend(Hash128 scope, List<KeyName> names, long nowMillis) {
    int slot = Shards.slot(Keys.shard(scope));
    String lease = keys.snapshotLease(scope);
    CommandArguments claim =
        new CommandArguments(Command.SET)
            .key(lease)
            .add(Keys.hex(sealer.origin()))
            .add(Keyword.NX)
            .add(Keyword.PX)
            .add(LEASE_MILLIS);
    if (!link.one(slot, claim).ok()) {
      busy++;
      return;
    }
    try {
      List<KeyName> chunks =
          names.stream().filter(name -> name.kind().equals(KeyName.CHUNK)).toList();
      String name = keys.manifest(scope);
      Optional<byte[]> found = link.get(name);
      Optional<SnapshotManifest> manifest =
          found.flatMap(bytes -> SnapshotManifest.open(sealer, name, bytes));
      if (found.filter(SnapshotManifest::isNewer).isPresent()) {
        newer++;
      } else if (manifest.isPresent() && isWhole(scope, manifest.get())) {
        whole++;
        deleteStale(chunks, manifest.get().generation(), nowMillis);
      } else {
        broken++;
        takeApart(keys.log(scope), name, chunks, lease);
      }
    } finally {
      link.unlink(List.of(lease));
    }
  }

  private boolean isWhole(Hash128 scope, SnapshotManifest manifest) {
    for (int number = 0; number < manifest.chunkCount(); number++) {
      String name = keys.chunk(scope, manifest.generation(), number);
      Optional<KeyName> chunk = KeyName.parse(prefix, name);
      if (chunk.flatMap(part -> Census.chunk(link, part)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void deleteStale(List<KeyName> chunks, long generation, long nowMillis) {
    List<String> old =
        chunks.stream()
            .filter(chunk -> chunk.generation().orElse(generation) != generation)
            .filter(chunk -> chunk.generation().orElse(0) < nowMillis - STALE_MILLIS)
            .map(KeyName::name)
            .toList();
    stale += link.unlink(old);
  }

  /** Records go to the log before the snapshot goes: there may be no other copy of them. */
  private void takeApart(LogStream log, String manifest, List<KeyName> chunks, String lease) {
    List<byte[]> batch = new ArrayList<>();
    long bytes = 0;
    for (KeyName chunk : chunks) {
      for (byte[] record : Census.chunk(link, chunk).orElse(List.of())) {
        batch.add(record);
        bytes += record.length;
        if (bytes > BATCH_BYTES || batch.size() == Link.AT_ONCE) {
          restore(log, batch, lease);
          batch.clear();
          bytes = 0;
        }
      }
    }
    restore(log, batch, lease);
    List<String> gone = new ArrayList<>(chunks.stream().map(KeyName::name).toList());
    gone.add(manifest);
    link.unlink(gone);
  }

  private void restore(LogStream log, List<byte[]> records, String lease) {
    byte[] key = Keys.bytes(log.name());
    List<CommandArguments> commands = new ArrayList<>();
    for (byte[] record : records) {
      if (sealer.glance(log, record).isOfInstallation()) {
        commands.add(Streams.add(key, record));
      }
    }
    if (!commands.isEmpty()) {
      restored += commands.size();
      commands.add(new CommandArguments(Command.PEXPIRE).key(key).add(retentionMillis));
      // As long as it takes: a cache that made the next one meanwhile would lose it here.
      commands.add(new CommandArguments(Command.PEXPIRE).key(lease).add(LEASE_MILLIS));
      link.all(Shards.slotOf(log.name()), commands);
    }
  }

  /** Asks every cache to compare what it has with the logs. */
  private void call() {
    LogStream control = keys.control();
    byte[] key = Keys.bytes(control.name());
    byte[] sealed = sealer.seal(control, new LogRecord.Call(Hash128.ZERO)).bytes();
    link.all(
        Shards.slot(Keys.COMMON_SHARD),
        List.of(
            Streams.add(key, sealed),
            new CommandArguments(Command.PEXPIRE).key(key).add(retentionMillis)));
  }
}
