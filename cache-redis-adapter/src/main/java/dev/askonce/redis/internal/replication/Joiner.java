package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.Opening;
import dev.askonce.redis.internal.log.SnapshotManifest;
import dev.askonce.redis.internal.log.Tombstones;
import dev.askonce.redis.internal.server.StreamId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads scopes from the log, and makes the log whole again where it lost something.
 *
 * <pre>
 *   1  the log after the snapshot: removals at once, entries remembered
 *   2  the snapshot's entries, but for those that the log has newer
 *   3  the remembered entries
 *   4  what came meanwhile, as it comes; the scope is live
 *   5  what is here and not in the log is published
 * </pre>
 *
 * In this order nothing that was removed or replaced is here for a moment, and callers can be
 * answered from a scope that was empty before.
 *
 * <p>Threading: {@link #join} and {@link #rejoin} by any thread. Two threads load.
 */
final class Joiner {
  private static final Logger LOG = LoggerFactory.getLogger(Joiner.class);
  private static final int THREADS = 2;
  private static final int LOADS_MAX = 5;
  private static final long CLOSE_SECONDS_MAX = 60;

  /** How soon is looked again whether removals of all scopes are known. */
  private static final long CONTROL_MILLIS = 20;

  /** In the place of a generation, of what is no snapshot. */
  private static final long FORGED = -1;

  /** How long the control log is read up to where it ended once. */
  private static final long REMOVALS_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  private static final long RETRY_MILLIS_MIN = 50;
  private static final long RETRY_MILLIS_MAX = 2_000;

  /** Entries that are remembered, and their bytes, before they are taken over all the same. */
  private static final long REMEMBERED_BYTES_MAX = 64L << 20;

  private final Commands commands;
  private final Snapshots snapshots;
  private final Applier applier;
  private final Replica replica;
  private final Tombstones tombstones;
  private final Publisher publisher;
  private final Counters counters;
  private final Subscription control;
  private final Consumer<Subscription> joined;
  private final ScheduledThreadPoolExecutor threads;

  /** Attempts of scopes until the control log is read. Under the monitor. */
  private final List<Runnable> waiting = new ArrayList<>();

  /**
   * @param control where removals are that concern all scopes
   * @param joined told of each scope that is live now
   */
  Joiner(
      Commands commands,
      Snapshots snapshots,
      Applier applier,
      Replica replica,
      Tombstones tombstones,
      Publisher publisher,
      Counters counters,
      Subscription control,
      Consumer<Subscription> joined) {
    this.commands = commands;
    this.snapshots = snapshots;
    this.applier = applier;
    this.replica = replica;
    this.tombstones = tombstones;
    this.publisher = publisher;
    this.counters = counters;
    this.control = control;
    this.joined = joined;
    threads =
        new ScheduledThreadPoolExecutor(
            THREADS, Thread.ofPlatform().daemon().name("askonce-redis-join-", 0).factory());
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Loads a new scope.
   *
   * @param resume the last record that was applied before, or ZERO
   */
  void join(Subscription stream, StreamId resume) {
    submit(stream, resume, 0);
  }

  /** Loads a scope again, of which the log may have lost something, and publishes what it lacks. */
  void rejoin(Subscription stream) {
    if (stream.phase.compareAndSet(Subscription.Phase.LIVE, Subscription.Phase.REJOINING)) {
      submit(stream, StreamId.ZERO, 0);
    }
  }

  /** Runs something else that may take long. */
  void run(Runnable work) {
    try {
      threads.execute(
          () -> {
            try {
              work.run();
            } catch (RuntimeException | Error e) {
              LOG.error("something could not be done beside the joining of scopes", e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("closed", e);
    }
  }

  private void submit(Subscription stream, StreamId resume, int failures) {
    long wait = failures == 0 ? 0 : RETRY_MILLIS_MIN << Math.min(failures - 1, 10);
    later(() -> attempt(stream, resume, failures), Math.min(wait, RETRY_MILLIS_MAX));
  }

  private void later(Runnable attempt, long millis) {
    try {
      threads.schedule(attempt, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed", e);
    }
  }

  private void attempt(Subscription stream, StreamId resume, int failures) {
    if (stream.phase.get() == Subscription.Phase.FORGOTTEN) {
      return;
    }
    try {
      if (!areRemovalsKnown(stream)) {
        waitForControl(() -> attempt(stream, resume, failures));
        return;
      }
      if (resume.equals(StreamId.ZERO) || !resume(stream, resume)) {
        loadAll(stream);
      }
      counters.joins.increment();
      stream.troubled = false;
      stream.phase.compareAndSet(Subscription.Phase.JOINING, Subscription.Phase.LIVE);
      stream.phase.compareAndSet(Subscription.Phase.REJOINING, Subscription.Phase.LIVE);
      joined.accept(stream);
    } catch (LinkDown e) {
      stream.troubled = true;
      submit(stream, resume, failures + 1);
    } catch (RuntimeException | Error e) {
      LOG.error("a scope could not be loaded, and is tried again", e);
      stream.troubled = true;
      submit(stream, resume, failures + 1);
    }
  }

  /** Many may wait, and for long: one looks for all of them. */
  private synchronized void waitForControl(Runnable attempt) {
    waiting.add(attempt);
    if (waiting.size() == 1) {
      later(this::release, CONTROL_MILLIS);
    }
  }

  private synchronized void release() {
    if (control.isTailed()) {
      waiting.forEach(this::run);
      waiting.clear();
    } else {
      later(this::release, CONTROL_MILLIS);
    }
  }

  /**
   * {@return whether all is known here that was removed by tag, tenant or principal before this was
   * asked first} Else it could be answered for a moment, or be published again into a log that was
   * deleted with its tenant.
   */
  private boolean areRemovalsKnown(Subscription stream) throws LinkDown {
    if (stream.isControl()) {
      return true;
    }
    if (!control.isTailed()) {
      return false;
    }
    long now = System.nanoTime();
    if (stream.removals == null || now - stream.removalsNanos > REMOVALS_NANOS_MAX) {
      // Again after a while: the control log may have been lost.
      stream.removals = commands.last(control);
      stream.removalsNanos = now;
    }
    if (control.position.compareTo(stream.removals) < 0) {
      return false;
    }
    stream.removals = null;
    return true;
  }

  /** Goes on where this cache was before. {@return false if the log no longer has that} */
  private boolean resume(Subscription stream, StreamId from) throws LinkDown {
    if (!isThere(stream, from)) {
      return false;
    }
    stream.position = from;
    // As if there had been one just now: another that is made from now on counts.
    stream.snapshot = replica.nowMillis();
    catchUp(stream, new LogIndex());
    // Where it was cut off meanwhile, something behind it may have been as well.
    return isThere(stream, from);
  }

  /** {@return whether what was read of a scope last is on the server now} */
  boolean isKept(Subscription stream) throws LinkDown {
    StreamId position = stream.position;
    return stream.isRecord(position)
        ? isThere(stream, position)
        : !position.equals(StreamId.ZERO) && snapshots.find(stream).isPresent();
  }

  private boolean isThere(Subscription stream, StreamId id) throws LinkDown {
    return commands.have(stream.shard, List.of(stream), List.of(id)).getFirst();
  }

  /** Applies records as they come, up to the log's end. */
  private void catchUp(Subscription stream, LogIndex index) throws LinkDown {
    commands.forEach(
        stream,
        stream.position,
        StreamId.MAX,
        entry -> {
          applier.apply(stream, entry.bytes()).ifPresent(index::add);
          stream.position = entry.id();
          stream.records++;
        });
  }

  private void loadAll(Subscription stream) throws LinkDown {
    for (int i = 0; i < LOADS_MAX; i++) {
      if (load(stream)) {
        return;
      }
    }
    throw new LinkDown("its snapshot changes all the time");
  }

  /** {@return false if there was another snapshot meanwhile, and the log cut behind it} */
  private boolean load(Subscription stream) throws LinkDown {
    // Set again by what does not fit into the queue from now on.
    stream.unpublished.set(false);
    stream.restart();
    List<Echoes.Echo> before = stream.echoes.confirmed();
    Optional<SnapshotManifest> manifest = snapshots.find(stream);
    StreamId covered = manifest.map(SnapshotManifest::covers).orElse(StreamId.ZERO);
    LogIndex index = new LogIndex();
    Remembered remembered = new Remembered(stream);
    StreamId[] last = {covered};
    commands.forEach(
        stream,
        covered,
        StreamId.MAX,
        entry -> {
          entry(stream, applier.open(stream, entry.bytes()), index)
              .ifPresent(put -> remembered.add(put, entry.bytes()));
          last[0] = entry.id();
          stream.records++;
        });
    boolean whole =
        manifest.isPresent()
            ? snapshots.read(
                stream,
                manifest.get(),
                bytes -> {
                  Opening opening = applier.open(stream, bytes);
                  entry(stream, opening, index)
                      .filter(entry -> !index.hasNewer(entry))
                      .ifPresent(entry -> applier.put(stream, entry));
                  return opening.isSealed();
                })
            : !snapshots.isForged(stream);
    remembered.apply();
    if (!generation(snapshots.find(stream)).equals(generation(manifest))) {
      return false;
    }
    stream.hasSnapshot = manifest.isPresent();
    stream.snapshot = manifest.map(SnapshotManifest::generation).orElse(0L);
    stream.position = last[0];
    catchUp(stream, index);
    if (manifest.isPresent() && stream.position.equals(covered) && !isThere(stream, covered)) {
      // Evicted, say, without its snapshot: nothing is amiss as long as that is there.
      stream.base = covered;
    }
    // What was confirmed before has been read now, or is lost and found missing.
    before.forEach(echo -> Applier.seen(stream, echo.number()));
    publishMissing(stream, index);
    if (!whole) {
      LOG.warn("a snapshot has lost a part: who has its entries is asked to publish them");
      // Soon there will be another.
      stream.records = Long.MAX_VALUE / 2;
      callFor(stream, generation(manifest).orElse(FORGED));
    }
    return true;
  }

  /** Asks once: who is asked reads the same snapshot, and would ask back. */
  private void callFor(Subscription stream, long generation) {
    if (stream.calledFor != generation) {
      stream.calledFor = generation;
      publisher.add(stream, new Publisher.Item.Whole(new LogRecord.Call(stream.scope())));
    }
  }

  private static Optional<Long> generation(Optional<SnapshotManifest> manifest) {
    return manifest.map(SnapshotManifest::generation);
  }

  /** {@return the entry in a record, if it is one; a removal is applied at once} */
  private Optional<ReplicaEntry> entry(Subscription stream, Opening opening, LogIndex index) {
    LogRecord record = opening instanceof Opening.Opened opened ? opened.record() : null;
    if (record != null) {
      index.add(record);
    }
    if (record instanceof LogRecord.Remove remove) {
      applier.remove(stream, remove);
    }
    return record instanceof LogRecord.Put(ReplicaEntry entry)
        ? Optional.of(entry)
        : Optional.empty();
  }

  /** The newest entries of a log's end; of a key several where they have one version. */
  private final class Remembered {
    private final Subscription stream;
    private final Map<Hash128, List<ReplicaEntry>> entries = new LinkedHashMap<>();
    private long bytes;

    Remembered(Subscription stream) {
      this.stream = stream;
    }

    void add(ReplicaEntry entry, byte[] sealed) {
      List<ReplicaEntry> known = entries.computeIfAbsent(entry.key(), key -> new ArrayList<>(1));
      if (!known.isEmpty() && known.getFirst().version() > entry.version()) {
        return;
      }
      if (!known.isEmpty() && known.getFirst().version() < entry.version()) {
        known.clear();
      }
      // Which of several remains is for the store to say, once the log is read: not before, since
      // an entry that was published twice may have been replaced or removed after.
      if (known.stream().noneMatch(other -> LogIndex.isSame(other, entry))) {
        known.add(entry);
        bytes += sealed.length;
      }
      if (bytes > REMEMBERED_BYTES_MAX) {
        // Something that is replaced later in the log may be here for a moment.
        stream.fresh = false;
        apply();
      }
    }

    void apply() {
      entries.values().forEach(all -> all.forEach(entry -> applier.put(stream, entry)));
      entries.clear();
      bytes = 0;
    }
  }

  /** Publishes what is here and not in the log, which was just read to its end. */
  private void publishMissing(Subscription stream, LogIndex index) {
    tombstones.forEach(
        (removal, keepUntilMillis) -> {
          if (isOf(stream, removal) && !index.has(removal)) {
            publisher.addMissing(
                stream, new Publisher.Item.Whole(new LogRecord.Remove(removal, keepUntilMillis)));
          }
        });
    if (!stream.isControl()) {
      replica.forEach(
          stream.scope(),
          entry -> {
            if (!index.has(entry)) {
              publisher.addMissing(stream, new Publisher.Item.Entry(entry.key()));
            }
          });
    }
  }

  /** {@return whether a removal is told through this log} */
  static boolean isOf(Subscription stream, Removal removal) {
    return switch (removal.kind()) {
      case ENTRY, SCOPE -> !stream.isControl() && stream.scope().equals(removal.scope());
      case TAG, TENANT, PRINCIPAL -> stream.isControl();
    };
  }

  /** Ends; what is under way works on the store, so it is waited for. */
  void close() {
    threads.shutdown();
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS_MAX);
    while (!threads.isTerminated() && System.nanoTime() < deadline) {
      try {
        threads.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
