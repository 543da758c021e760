package dev.askonce.redis.internal.operation;

import dev.askonce.engine.CacheException;
import dev.askonce.redis.InstallationStatus.Records;
import dev.askonce.redis.internal.log.LogStream;
import dev.askonce.redis.internal.log.Opening;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.SnapshotChunks;
import dev.askonce.redis.internal.replication.Keys;
import dev.askonce.redis.internal.replication.Pages;
import dev.askonce.redis.internal.server.LogReader;
import dev.askonce.redis.internal.server.Shards;
import dev.askonce.redis.internal.server.StreamId;
import dev.askonce.redis.internal.server.Streams;
import dev.askonce.redis.internal.server.UnsoundReply;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens all records of logs and snapshots, and counts what they are. */
final class Census {
  private final Link link;
  private final Keys keys;
  private final Optional<Sealer> sealer;
  private final Map<Opening.Reason, Long> troubles = new EnumMap<>(Opening.Reason.class);
  private final Map<Long, Long> byEmbedder = new HashMap<>();
  private long opened;
  private long chunksUnreadable;

  /**
   * @param sealer empty to count nothing
   */
  Census(Link link, String prefix, Optional<Sealer> sealer) {
    this.link = link;
    keys = new Keys(prefix);
    this.sealer = sealer;
  }

  void add(List<KeyName> names) {
    if (sealer.isPresent()) {
      names.forEach(this::add);
    }
  }

  private void add(KeyName name) {
    switch (name.kind()) {
      case KeyName.LOG -> read(name.name(), bytes -> count(stream(name), bytes));
      case KeyName.CONTROL -> read(name.name(), bytes -> count(keys.control(), bytes));
      case KeyName.CHUNK -> {
        Optional<List<byte[]>> records = chunk(link, name);
        records.ifPresent(all -> all.forEach(bytes -> count(stream(name), bytes)));
        chunksUnreadable += records.isPresent() ? 0 : 1;
      }
      default -> {
        // Holds no records.
      }
    }
  }

  /** {@return the log that a key's records belong to} */
  private LogStream stream(KeyName name) {
    return Keys.parse(name.hex())
        .map(keys::log)
        .orElseThrow(() -> new CacheException.ServerUnavailable("no key of ours: " + name.name()));
  }

  /** {@return the records of a part of a snapshot, or empty if it is gone or damaged} */
  static Optional<List<byte[]>> chunk(Link link, KeyName name) {
    int number = Integer.parseInt(name.name().substring(name.name().lastIndexOf(':') + 1));
    return link.get(name.name())
        .flatMap(bytes -> SnapshotChunks.read(name.generation().orElse(0), number, bytes));
  }

  private void read(String name, Consumer<byte[]> action) {
    byte[] key = Keys.bytes(name);
    Pages pages = new Pages();
    StreamId last = StreamId.ZERO;
    boolean isMore = true;
    while (isMore) {
      Streams.Range page = page(name, key, last, pages.count());
      for (LogReader.Entry entry : page.entries()) {
        action.accept(entry.bytes());
        last = entry.id();
      }
      isMore = pages.read(page);
    }
  }

  private Streams.Range page(String name, byte[] key, StreamId last, int count) {
    var range = Streams.range(key, last.next(), StreamId.MAX, count);
    try {
      return Streams.range(link.one(Shards.slotOf(name), range), key, last.next(), StreamId.MAX);
    } catch (UnsoundReply e) {
      throw new CacheException.ServerUnavailable("a log's records are not Redis's: " + name);
    }
  }

  private void count(LogStream stream, byte[] sealed) {
    Sealer.Glance glance = sealer.orElseThrow().glance(stream, sealed);
    if (glance.trouble().isPresent()) {
      troubles.merge(glance.trouble().get(), 1L, Long::sum);
    } else {
      opened++;
      glance.vectors().ifPresent(vectors -> byEmbedder.merge(vectors, 1L, Long::sum));
    }
  }

  /** {@return what was counted; empty without the secret} */
  Optional<Records> counts() {
    if (sealer.isEmpty()) {
      return Optional.empty();
    }
    long most = byEmbedder.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long foreign = byEmbedder.values().stream().mapToLong(Long::longValue).sum() - most;
    return Optional.of(
        new Records(
            opened - foreign,
            foreign,
            troubles.getOrDefault(Opening.Reason.NEWER_FORMAT, 0L),
            troubles.getOrDefault(Opening.Reason.UNSEALED, 0L),
            byEmbedder.size(),
            chunksUnreadable));
  }
}
