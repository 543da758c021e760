package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.LoadLease;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.RedisTrouble;
import dev.askonce.redis.ReplicationStats;
import dev.askonce.redis.internal.log.Checkpoint;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.Tombstones;
import dev.askonce.redis.internal.server.Servers;
import dev.askonce.redis.internal.server.Shards;
import dev.askonce.redis.internal.server.StreamId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a replication, wired: what the engine tells goes to the part that does it. */
public final class Replicator {
  private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);

  private static final long TICK_MILLIS = 250;

  /** What a version may be before or after the time at which its entry is told. */
  private static final long VERSION_SLACK_MILLIS = 10_000;

  /** Walks through all records; more would take longer than one that reads the entries. */
  private static final int WALKS_MAX = 64;

  private final Settings settings;
  private final Keys keys;
  final Replica replica;
  final Counters counters = new Counters();
  private final Servers servers;
  private final Servers transfers;
  private final Commands commands;
  private final Tombstones tombstones;
  private final Publisher publisher;
  private final Subscriptions subscriptions;
  private final Applier applier;
  private final Joiner joiner;
  private final Leases leases;
  private final Snapshots snapshots;
  private final Snapshotter snapshotter;
  private final TenantLogs tenants;
  private final IdleScopes idleScopes;
  private final TouchBuffer touches = new TouchBuffer();
  private final List<Tailer> tailers = new ArrayList<>();
  private final Upkeep upkeep;
  private final long boot = Checkpoint.currentBoot();

  /** Whether what is here was looked through for what the logs may lack. */
  private volatile boolean isLookedThrough;

  /** What was noted last, or null. Of the upkeep's thread, and of who closes after it. */
  private Checkpoint saved;

  /** Where scopes were when the cache was closed; each is used once. */
  private final Map<Hash128, StreamId> resumed = new ConcurrentHashMap<>();

  /** Deletions of tenants by callers of this cache whose logs are not deleted yet. */
  private final Set<Removal> purges = ConcurrentHashMap.newKeySet();

  public Replicator(Settings settings, Replica replica) {
    this.settings = settings;
    this.replica = replica;
    keys = new Keys(settings.keyPrefix());
    tombstones = Tombstones.open(replica.directory(), replica::sureMillis);
    Sealer sealer = new Sealer(settings.secret(), replica.vectorFingerprint(), replica.dimension());
    String token = Keys.hex(sealer.origin());
    servers = Servers.open(settings.servers());
    transfers = Servers.open(settings.transfers());
    commands = new Commands(transfers);
    leases =
        new Leases(
            new Commands(servers),
            commands,
            this::isAnswering,
            keys,
            counters,
            token,
            sealer.vectors(),
            System::nanoTime);
    publisher =
        new Publisher(
            commands,
            sealer,
            replica,
            counters,
            settings.queueMax(),
            settings.logRecordsMax(),
            settings.retention().toMillis(),
            listener());
    applier = new Applier(sealer, replica, tombstones, counters, leases::arrived, this::called);
    snapshots = new Snapshots(commands, keys, sealer, counters);
    Subscription control = new Subscription(keys.control(), Keys.COMMON_SHARD, false);
    joiner =
        new Joiner(
            commands,
            snapshots,
            applier,
            replica,
            tombstones,
            publisher,
            counters,
            control,
            this::joined);
    snapshotter =
        new Snapshotter(
            commands,
            keys,
            sealer,
            snapshots,
            replica,
            tombstones,
            counters,
            settings.retention().toMillis(),
            token,
            this::call);
    subscriptions =
        new Subscriptions(keys, replica, control, settings.patience().toNanos(), this::begin);
    tenants =
        new TenantLogs(commands, keys, snapshots, subscriptions, settings.retention().toMillis());
    idleScopes = new IdleScopes(joiner, replica, publisher, subscriptions, settings.idleAfter());
    makeTailers();
    upkeep = new Upkeep("upkeep", TICK_MILLIS, this::tick);
  }

  private void makeTailers() {
    boolean one = transfers.oneReaderServesAll();
    for (int shard = 0; shard < (one ? 1 : Shards.COUNT); shard++) {
      int its = shard;
      tailers.add(
          new Tailer(
              one ? "all" : Integer.toString(shard),
              transfers.reader(shard),
              () -> tailed(one ? -1 : its),
              commands,
              keys,
              applier,
              counters,
              joiner::rejoin));
    }
  }

  private boolean isAnswering(int shard) {
    return tailers.get(tailers.size() == 1 ? 0 : shard).isAnswered();
  }

  /** {@return the live streams of a shard, or of all shards for -1} */
  private List<Subscription> tailed(int shard) {
    return streams()
        .filter(stream -> stream.isTailed() && (shard < 0 || stream.shard == shard))
        .toList();
  }

  private Stream<Subscription> streams() {
    return Stream.concat(Stream.of(subscriptions.control), subscriptions.scopes().stream());
  }

  /** Begins: goes on where this cache was when it closed, or compares all that is here. */
  public void start() {
    Optional<Checkpoint> checkpoint =
        Checkpoint.read(replica.directory()).filter(Checkpoint::isOfThisBoot);
    removeAgain(checkpoint.map(Checkpoint::publishedBeforeMillis).orElse(0L));
    publisher.start();
    tailers.forEach(Tailer::start);
    if (checkpoint.isPresent()) {
      applier.removeAgain();
      resumed.putAll(checkpoint.get().scopes());
      joiner.join(subscriptions.control, checkpoint.get().control());
      checkpoint.get().scopes().keySet().forEach(subscriptions::of);
      long since = checkpoint.get().publishedBeforeMillis() - VERSION_SLACK_MILLIS;
      // After a kill answers may be recovering for long, which the opening does not wait for.
      joiner.run(
          () -> {
            publishSince(since);
            isLookedThrough = true;
          });
    } else {
      joiner.join(subscriptions.control, StreamId.ZERO);
      // Whatever is here is compared with the log, and published where the log lacks it.
      replica.scopes().forEach(subscriptions::of);
      isLookedThrough = true;
    }
    upkeep.start();
    leases.start();
    awaitJoined(settings.startWait().toNanos());
  }

  /** Removes what a process that died between remembering a removal and removing left here. */
  private void removeAgain(long since) {
    List<Removal> again = new ArrayList<>();
    tombstones.forEach(
        (removal, keepUntilMillis) -> {
          if (removal.version() >= since - VERSION_SLACK_MILLIS) {
            again.add(removal);
          }
        });
    long walks = again.stream().filter(removal -> removal.kind() != Removal.Kind.ENTRY).count();
    if (walks <= WALKS_MAX) {
      again.forEach(replica::remove);
      return;
    }
    replica.forEachSince(
        Long.MIN_VALUE,
        entry -> {
          if (tombstones.covers(entry)) {
            replica.remove(Removal.entry(entry.scope(), entry.key(), entry.version()));
          }
        });
  }

  private void publishSince(long version) {
    tombstones.forEach(
        (removal, keepUntilMillis) -> {
          if (removal.version() >= version) {
            publisher.addMissing(
                streamOf(removal),
                new Publisher.Item.Whole(new LogRecord.Remove(removal, keepUntilMillis)));
          }
        });
    replica.forEachSince(
        version,
        entry ->
            publisher.addMissing(
                subscriptions.of(entry.scope()), new Publisher.Item.Entry(entry.key())));
  }

  private void awaitJoined(long nanos) {
    long deadline = System.nanoTime() + nanos;
    try {
      while (System.nanoTime() < deadline && streams().anyMatch(s -> !s.hasJoined())) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(Subscription stream) {
    StreamId position = resumed.remove(stream.scope());
    joiner.join(stream, position == null ? StreamId.ZERO : position);
  }

  /** Asks all caches for what the log of a scope lacks. */
  private void call(Subscription stream) {
    publisher.add(stream, new Publisher.Item.Whole(new LogRecord.Call(stream.scope())));
  }

  private Publisher.Listener listener() {
    return new Publisher.Listener() {
      @Override
      public void published(Subscription stream, Publisher.Item item) {
        Replicator.this.published(stream, item);
      }

      @Override
      public void gone(Publisher.Item item) {
        if (item instanceof Publisher.Item.Entry entry) {
          leases.published(entry);
        }
      }
    };
  }

  private void joined(Subscription stream) {
    for (Tailer tailer : tailers) {
      tailer.wake();
    }
  }

  /** Somebody lacks something of a stream; of the control stream, of any. */
  private void called(Subscription stream) {
    (stream.isControl() ? streams() : Stream.of(stream)).forEach(s -> s.unpublished.set(true));
  }

  private Subscription streamOf(Removal removal) {
    return switch (removal.kind()) {
      case ENTRY, SCOPE -> subscriptions.of(removal.scope());
      case TAG, TENANT, PRINCIPAL -> subscriptions.control;
    };
  }

  // What the engine tells.

  public void stored(Hash128 scope, Hash128 key) {
    Publisher.Item.Entry item = new Publisher.Item.Entry(key);
    leases.queueing(item);
    if (!publisher.add(subscriptions.of(scope), item)) {
      leases.unqueued(item);
    }
  }

  public void removing(Removal removal) {
    // By another clock what is removed may have been put later than now.
    long latest = Math.max(replica.nowMillis(), removal.version());
    long keepUntil = latest + settings.retention().toMillis();
    tombstones.add(removal, keepUntil);
    if (removal.kind() == Removal.Kind.TENANT) {
      purges.add(removal);
    }
    LogRecord record = new LogRecord.Remove(removal, keepUntil);
    publisher.add(streamOf(removal), new Publisher.Item.Whole(record));
  }

  public long versionMin() {
    return tombstones.versionMin();
  }

  public boolean admits(ReplicaEntry entry) {
    return !tombstones.covers(entry);
  }

  public boolean serves(Hash128 scope, long tenant) {
    return subscriptions.serves(scope, tenant);
  }

  public void used(Hash128 scope, Hash128 key) {
    touches.add(scope, key);
  }

  public LoadLease lead(Hash128 scope, Hash128 key) {
    return leases.lead(subscriptions.of(scope), key);
  }

  /** Something is in the log now. */
  private void published(Subscription stream, Publisher.Item item) {
    switch (item) {
      case Publisher.Item.Entry entry -> {
        leases.published(entry);
        if (stream.indexed.compareAndSet(false, true)) {
          joiner.run(() -> tenants.add(stream));
        }
      }
      case Publisher.Item.Whole(LogRecord record) -> {
        // Once: what is in the logs later was put after it.
        if (record instanceof LogRecord.Remove remove && purges.remove(remove.removal())) {
          joiner.run(() -> tenants.purge(remove.removal().name()));
        }
      }
    }
  }

  // What is done now and then.

  /**
   * Does what is due.
   *
   * @param tick counts quarters of a second
   */
  private void tick(long tick) {
    long now = replica.nowMillis();
    streams().filter(s -> s.wantsRereading(now)).forEach(s -> s.unpublished.set(true));
    streams()
        .filter(s -> s.unpublished.get() && s.isTailed())
        .filter(s -> publisher.pending() < settings.queueMax() / 2)
        .forEach(joiner::rejoin);
    if (tick % 4 == 0) {
      tellTouches();
      tombstones.force();
      save();
    }
    if (tick % 8 == 0) {
      streams().filter(this::wantsSnapshot).forEach(this::snapshot);
    }
    if (tick % 240 == 0) {
      // The index may have been lost, or deleted with what it named.
      subscriptions.scopes().forEach(stream -> stream.indexed.set(false));
    }
    if (tick % 16 == 0) {
      joiner.run(tenants::purgeAgain);
      tombstones.tidy();
      idleScopes.forget();
    }
  }

  private void tellTouches() {
    touches
        .drain()
        .forEach(
            (scope, touched) -> {
              Subscription stream = subscriptions.find(scope);
              // What was removed since is not to make a log that was deleted anew.
              if (stream != null && replica.has(scope)) {
                publisher.addHint(stream, new LogRecord.Touches(scope, List.copyOf(touched)));
              }
            });
  }

  private boolean wantsSnapshot(Subscription stream) {
    return !stream.isControl()
        && stream.isTailed()
        && stream.records >= settings.snapshotEvery()
        && stream.isSnapshotting.compareAndSet(false, true);
  }

  private void snapshot(Subscription stream) {
    joiner.run(
        () -> {
          try {
            snapshotter.snapshot(stream);
          } finally {
            stream.isSnapshotting.set(false);
          }
        });
  }

  /**
   * Notes how far this cache is. What was put since the time that is noted is published at the next
   * opening; where older entries may be missing in the log, or the log was not read yet, the scope
   * is noted at its beginning, and all of it compared.
   */
  private void save() {
    if (!isLookedThrough) {
      return;
    }
    // Not by a clock that has just leapt: what is put when it is right again is earlier.
    long now = replica.sureMillis();
    long publishedBefore =
        streams()
            .mapToLong(stream -> stream.echoes.oldestMillis(now))
            .reduce(publisher.oldestMillis(now), Math::min);
    Map<Hash128, StreamId> positions = new HashMap<>();
    for (Subscription stream : subscriptions.scopes()) {
      positions.put(stream.scope(), position(stream));
    }
    Checkpoint checkpoint =
        new Checkpoint(positions, position(subscriptions.control), boot, publishedBefore);
    if (saved != null && saved.saysAsMuchAs(checkpoint)) {
      return;
    }
    try {
      checkpoint.write(replica.directory());
      saved = checkpoint;
    } catch (IOException e) {
      LOG.debug("no checkpoint written", e);
    }
  }

  private static StreamId position(Subscription stream) {
    // Read first: what is published then was so when it was read.
    StreamId id = stream.position;
    return stream.isPublished() ? id : StreamId.ZERO;
  }

  /** Ends: publishes what waits, and notes how far it came. */
  public void close() {
    upkeep.close();
    publisher.close(settings.closeWait().toMillis());
    // Until now: who waits for what was published just now is not to load it.
    leases.close();
    // Whoever waits for the server waits for one more answer, and all of them at a time.
    commands.close();
    tailers.forEach(Tailer::stop);
    tailers.forEach(Tailer::close);
    joiner.close();
    save();
    tombstones.close();
    servers.close();
    transfers.close();
  }

  /** {@return what happened so far} */
  public ReplicationStats stats() {
    int joining = 0;
    int scopes = 0;
    for (Subscription stream : subscriptions.scopes()) {
      joining += stream.hasJoined() ? 0 : 1;
      scopes++;
    }
    Map<RedisTrouble, Long> troubles = new HashMap<>(transfers.troubles());
    servers.troubles().forEach((kind, count) -> troubles.merge(kind, count, Long::sum));
    long now = replica.sureMillis();
    return counters.stats(
        tailers.stream().anyMatch(Tailer::isLinked)
            && tailers.stream().allMatch(tailer -> tailer.isLinked() || tailer.isIdle()),
        scopes,
        joining,
        publisher.pending(),
        now - publisher.oldestMillis(now),
        troubles);
  }
}
