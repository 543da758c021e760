package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.Opening;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.SnapshotChunks;
import dev.askonce.redis.internal.log.SnapshotManifest;
import dev.askonce.redis.internal.log.Tombstones;
import dev.askonce.redis.internal.server.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes snapshots of scopes, so that who joins need not read their history, and trims the log
 * behind them. One cache at a time does so for a scope.
 *
 * <p>A snapshot consists of the log's own sealed records: of each key and embedder the newest,
 * while it is in its time and not removed; of removals those that must be remembered; and what this
 * cache cannot read because it is newer. The log is read twice, so that only names and removals are
 * in memory. A snapshot of a later version is left alone.
 */
final class Snapshotter {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshotter.class);
  private static final int CHUNK_BYTES = 512 * 1024;

  /** How long others leave a snapshot to a cache of which nothing is heard. */
  private static final long LEASE_MILLIS = TimeUnit.MINUTES.toMillis(2);

  /** After which the lease is renewed. */
  private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** How long a part stays on the server that no finished snapshot has. */
  static final long UNFINISHED_MILLIS = TimeUnit.MINUTES.toMillis(10);

  /** How long records stay in the log after a snapshot has them: who tails is not that late. */
  private static final long TRIM_AFTER_MILLIS = TimeUnit.MINUTES.toMillis(5);

  /** What this cache's clock may be ahead of others'. */
  private static final long CLOCKS_APART_MILLIS = TimeUnit.MINUTES.toMillis(5);

  private final Commands commands;
  private final Keys keys;
  private final Sealer sealer;
  private final Snapshots snapshots;
  private final Replica replica;
  private final Tombstones tombstones;
  private final Counters counters;
  private final long retentionMillis;
  private final String token;
  private final Consumer<Subscription> call;

  /**
   * @param call asks all caches for what the log of a scope lacks
   */
  Snapshotter(
      Commands commands,
      Keys keys,
      Sealer sealer,
      Snapshots snapshots,
      Replica replica,
      Tombstones tombstones,
      Counters counters,
      long retentionMillis,
      String token,
      Consumer<Subscription> call) {
    this.commands = commands;
    this.keys = keys;
    this.sealer = sealer;
    this.snapshots = snapshots;
    this.replica = replica;
    this.tombstones = tombstones;
    this.counters = counters;
    this.retentionMillis = retentionMillis;
    this.token = token;
    this.call = call;
  }

  /** Makes a snapshot of a scope, unless another cache is about to. */
  void snapshot(Subscription stream) {
    try {
      Lease lease = new Lease(stream);
      if (!lease.claim()) {
        return;
      }
      try {
        new Snapshot(stream, lease).make();
      } finally {
        lease.giveBack();
      }
    } catch (LinkDown e) {
      LOG.info("a snapshot was not made: {}", e.getMessage());
    }
  }

  /** The right to make a scope's snapshot. */
  private final class Lease {
    private final int shard;
    private final String name;
    private long renewedNanos = System.nanoTime();

    Lease(Subscription stream) {
      shard = stream.shard;
      name = keys.snapshotLease(stream.scope());
    }

    boolean claim() throws LinkDown {
      return commands.claim(shard, name, token, LEASE_MILLIS);
    }

    private boolean isOurs() throws LinkDown {
      return commands.get(shard, name).filter(has -> token.equals(text(has))).isPresent();
    }

    /** Renews it when it is time. */
    void hold() throws LinkDown {
      if (System.nanoTime() - renewedNanos > RENEW_NANOS) {
        check();
        commands.renew(shard, name, token, LEASE_MILLIS);
        renewedNanos = System.nanoTime();
      }
    }

    /** Looks whether it is still ours. */
    void check() throws LinkDown {
      if (!isOurs()) {
        throw new LinkDown("another cache makes it now");
      }
    }

    void giveBack() throws LinkDown {
      if (isOurs()) {
        commands.unlink(shard, List.of(name));
      }
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** A version of a key, and which content. */
  private record Kept(long version, Set<Integer> contents) {}

  /** What an entry is known by where there are several embedders. */
  private record Name(long vectors, Hash128 key) {
    static Name of(ReplicaEntry entry, byte[] sealed) {
      return new Name(Sealer.vectorsOf(sealed), entry.key());
    }
  }

  private final class Snapshot {
    private final Subscription stream;
    private final Lease lease;
    private final Map<Name, Kept> kept = new HashMap<>();
    private final List<byte[]> first = new ArrayList<>();
    private SnapshotChunks.Cutter cutter;

    /** Why it cannot go on. */
    private LinkDown failure;

    Snapshot(Subscription stream, Lease lease) {
      this.stream = stream;
      this.lease = lease;
    }

    void make() throws LinkDown {
      Optional<SnapshotManifest> old = snapshots.find(stream);
      StreamId end = commands.last(stream);
      StreamId covered = old.map(SnapshotManifest::covers).orElse(StreamId.ZERO);
      if (isMadeByAnother(old) || end.compareTo(covered) <= 0) {
        stream.records = 0;
        return;
      }
      if (old.isEmpty() && snapshots.isNewer(stream)) {
        return;
      }
      boolean whole = read(old, covered, end, this::index);
      if (!whole || old.isEmpty() && snapshots.isForged(stream)) {
        if (isReplaced(old)) {
          return;
        }
        // What is left of it goes on; who has the rest is asked for it.
        call.accept(stream);
      }
      long generation = 1 + Math.max(old.map(SnapshotManifest::generation).orElse(0L), now());
      cutter =
          new SnapshotChunks.Cutter(
              generation,
              CHUNK_BYTES,
              (number, chunk) -> write(keys.chunk(stream.scope(), generation, number), chunk));
      first.forEach(cutter::add);
      if (read(old, covered, end, this::copy) != whole) {
        return;
      }
      SnapshotManifest manifest = cutter.finish(end);
      if (failure != null) {
        throw failure;
      }
      lease.check();
      if (isReplaced(old)) {
        return;
      }
      keepChunks(manifest);
      String name = keys.manifest(stream.scope());
      commands.set(stream.shard, name, manifest.seal(sealer, name), retentionMillis);
      counters.snapshots.increment();
      stream.records = 0;
      stream.snapshot = manifest.generation();
      stream.hasSnapshot = true;
      if (old.isPresent()) {
        deleteChunks(old.get());
      }
      // By the server's clock, which made the ids.
      commands.trim(stream, new StreamId(Math.max(0, end.millis() - TRIM_AFTER_MILLIS), 0));
    }

    /** {@return whether another cache made it while this one counted records} One is enough. */
    private boolean isMadeByAnother(Optional<SnapshotManifest> found) {
      long known = stream.snapshot;
      stream.snapshot = Math.max(known, found.map(SnapshotManifest::generation).orElse(0L));
      return stream.snapshot > known;
    }

    /** {@return whether another cache made a snapshot meanwhile} */
    private boolean isReplaced(Optional<SnapshotManifest> old) throws LinkDown {
      Optional<Long> generation = snapshots.find(stream).map(SnapshotManifest::generation);
      return !generation.equals(old.map(SnapshotManifest::generation))
          || generation.isEmpty() && snapshots.isNewer(stream);
    }

    /** Behind a clock that may be wrong for a moment: what is left out is gone. */
    private long now() {
      return replica.sureMillis();
    }

    /** For a while at first: were this cache to end now, nobody would look for it. */
    private void write(String name, byte[] chunk) {
      try {
        if (failure == null) {
          lease.hold();
          commands.set(stream.shard, name, chunk, Math.min(UNFINISHED_MILLIS, retentionMillis));
        }
      } catch (LinkDown e) {
        failure = e;
      }
    }

    private void keepChunks(SnapshotManifest made) throws LinkDown {
      if (!commands.keep(stream.shard, chunks(made), retentionMillis)) {
        throw new LinkDown("it took so long that a part of it is gone");
      }
    }

    private void deleteChunks(SnapshotManifest old) throws LinkDown {
      commands.unlink(stream.shard, chunks(old));
    }

    private List<String> chunks(SnapshotManifest of) {
      List<String> names = new ArrayList<>();
      for (int number = 0; number < of.chunkCount(); number++) {
        names.add(keys.chunk(stream.scope(), of.generation(), number));
      }
      return names;
    }

    /** {@return false if the old snapshot has lost a part} */
    private boolean read(
        Optional<SnapshotManifest> old, StreamId covered, StreamId end, Predicate<byte[]> action)
        throws LinkDown {
      lease.hold();
      boolean whole = old.isEmpty() || snapshots.read(stream, old.get(), action);
      commands.forEach(stream, covered, end, entry -> action.test(entry.bytes()));
      return whole;
    }

    private boolean index(byte[] sealed) {
      Opening opening = sealer.openOfAny(stream.stream, sealed);
      if (opening instanceof Opening.Opened opened) {
        if (opened.record() instanceof LogRecord.Put(ReplicaEntry entry) && isWanted(entry)) {
          keep(Name.of(entry, sealed), entry);
        } else if (opened.record() instanceof LogRecord.Remove remove
            && remove.keepUntilMillis() > now()) {
          first.add(sealed);
        }
      }
      return opening.isSealed();
    }

    private boolean isWanted(ReplicaEntry entry) {
      return entry.expiresMillis() > now() - CLOCKS_APART_MILLIS && !tombstones.covers(entry);
    }

    private void keep(Name name, ReplicaEntry entry) {
      Kept known = kept.get(name);
      if (known == null || known.version < entry.version()) {
        known = new Kept(entry.version(), new HashSet<>(1));
        kept.put(name, known);
      }
      if (known.version == entry.version()) {
        known.contents.add(LogIndex.content(entry));
      }
    }

    private boolean copy(byte[] sealed) {
      Opening opening = sealer.openOfAny(stream.stream, sealed);
      switch (opening) {
        case Opening.Opened opened -> {
          if (opened.record() instanceof LogRecord.Put(ReplicaEntry entry)) {
            copy(entry, sealed);
          }
        }
        case Opening.Skipped(Opening.Reason reason) -> {
          // Of use to others: whoever can read it sorts it out in a snapshot of its own.
          if (reason != Opening.Reason.UNSEALED) {
            cutter.add(sealed);
          }
        }
      }
      return opening.isSealed();
    }

    private void copy(ReplicaEntry entry, byte[] sealed) {
      Kept known = kept.get(Name.of(entry, sealed));
      // Once, however often it was published.
      if (known != null
          && known.version == entry.version()
          && known.contents.remove(LogIndex.content(entry))) {
        cutter.add(sealed);
      }
    }
  }
}
