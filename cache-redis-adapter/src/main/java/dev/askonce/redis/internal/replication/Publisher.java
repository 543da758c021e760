package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.server.Reply;
import dev.askonce.redis.internal.server.Shards;
import dev.askonce.redis.internal.server.StreamId;
import dev.askonce.redis.internal.server.Streams;
import dev.askonce.redis.internal.server.UnsoundReply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;

/**
 * Writes to the log what callers of this cache put and removed, until the server has confirmed it.
 *
 * <p>The queue holds names, not contents: an entry's content is read from the store when its turn
 * comes, and one that is gone by then is not published. So the queue is small, whatever is in it is
 * on this machine's disk, and what does not fit into it is found again in the store: its scope is
 * marked, and compared with the log once there is room.
 *
 * <p>Threading: {@link #add} by any thread, waits for nobody but the queue's lock. One thread
 * publishes.
 */
final class Publisher {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final int BATCH_RECORDS = 128;
  private static final int BATCH_BYTES = 1 << 20;
  private static final long BACKOFF_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long BACKOFF_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  /** Records that one log was given and that were not read in it: more wait until they are. */
  static final int UNREAD_MAX = 1 << 16;

  /** Confirmations of one stream between two times that it is bounded. */
  private static final int UPKEEP_EVERY = 512;

  /** What is to be published. */
  sealed interface Item {
    /** An entry, by its name. */
    record Entry(Hash128 key) implements Item {}

    /** Anything else. */
    record Whole(LogRecord record) implements Item {}
  }

  /**
   * @param sinceMillis by the time that never goes back
   * @param ofBacklog whether it is older than it waits
   */
  private record Queued(Subscription stream, Item item, long sinceMillis, boolean ofBacklog) {}

  /** The records of one shard: they go to one server, and wait for it alone. */
  private static final class Lane {
    final ArrayDeque<Queued> queue = new ArrayDeque<>();
    int failures;
    long retryAtNanos;
    boolean isPublishing;
    long publishingSinceMillis;
  }

  /** Told of what is in the log now. */
  interface Listener {
    void published(Subscription stream, Item item);

    /** Told of an entry that was gone before it could be published. */
    void gone(Item item);
  }

  private final Commands commands;
  private final Sealer sealer;
  private final Replica replica;
  private final Counters counters;
  private final int queueMax;
  private final long logRecordsMax;
  private final long retentionMillis;
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Lane[] lanes = new Lane[Shards.COUNT];
  private final AtomicInteger pending = new AtomicInteger();
  private final Thread thread;

  /** Why the last record that was not confirmed was not. Of the publishing thread. */
  private String refusal = "";

  /** Whose turn it is: a shard that always has something is not to keep the others waiting. */
  private int turn;

  private boolean closing;
  private volatile boolean closed;

  Publisher(
      Commands commands,
      Sealer sealer,
      Replica replica,
      Counters counters,
      int queueMax,
      long logRecordsMax,
      long retentionMillis,
      Listener listener) {
    this.commands = commands;
    this.sealer = sealer;
    this.replica = replica;
    this.counters = counters;
    this.queueMax = queueMax;
    this.logRecordsMax = logRecordsMax;
    this.retentionMillis = retentionMillis;
    this.listener = listener;
    for (int shard = 0; shard < lanes.length; shard++) {
      lanes[shard] = new Lane();
    }
    thread = Thread.ofPlatform().daemon().name("askonce-redis-publish").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Adds to the queue; what does not fit marks its stream. {@return whether it fitted} */
  boolean add(Subscription stream, Item item) {
    return add(new Queued(stream, item, replica.sureMillis(), false));
  }

  /** Adds what is not new, and missing in the log. */
  void addMissing(Subscription stream, Item item) {
    add(new Queued(stream, item, replica.sureMillis(), true));
  }

  private boolean add(Queued queued) {
    Subscription stream = queued.stream;
    lock.lock();
    try {
      if (pending.get() >= queueMax) {
        counters.overflows.increment();
        stream.unpublished.set(true);
        return false;
      }
      pending.incrementAndGet();
      if (queued.ofBacklog) {
        stream.backlog.incrementAndGet();
      }
      lanes[stream.shard].queue.addLast(queued);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a hint, unless the server is behind: it is not worth a place in the queue then. */
  void addHint(Subscription stream, LogRecord.Touches touches) {
    lock.lock();
    try {
      Lane lane = lanes[stream.shard];
      if (lane.failures == 0 && lane.queue.size() < BATCH_RECORDS && pending.get() < queueMax) {
        add(stream, new Item.Whole(touches));
      }
    } finally {
      lock.unlock();
    }
  }

  /** {@return how many records wait} */
  int pending() {
    return pending.get();
  }

  /** {@return since when the oldest record waits, or {@code nowMillis} where none does} */
  long oldestMillis(long nowMillis) {
    long oldest = nowMillis;
    lock.lock();
    try {
      for (Lane lane : lanes) {
        if (lane.isPublishing) {
          oldest = Math.min(oldest, lane.publishingSinceMillis);
        }
        if (!lane.queue.isEmpty()) {
          oldest = Math.min(oldest, lane.queue.getFirst().sinceMillis);
        }
      }
    } finally {
      lock.unlock();
    }
    return oldest;
  }

  private void run() {
    try {
      while (!closed) {
        int shard = awaitDue();
        if (shard < 0) {
          return;
        }
        publish(shard);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@return a shard with something to publish now, or -1 at the end} */
  private int awaitDue() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        long now = System.nanoTime();
        long wait = Long.MAX_VALUE;
        for (int i = 0; i < lanes.length; i++) {
          int shard = (turn + i) % lanes.length;
          Lane lane = lanes[shard];
          if (!lane.queue.isEmpty()) {
            long due = lane.failures == 0 ? 0 : lane.retryAtNanos - now;
            if (due <= 0) {
              turn = shard + 1;
              return shard;
            }
            wait = Math.min(wait, due);
          }
        }
        if (closed || closing && wait == Long.MAX_VALUE) {
          return -1;
        }
        if (wait == Long.MAX_VALUE) {
          changed.await();
        } else {
          changed.awaitNanos(wait);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param record null for what is gone
   */
  private record Sealed(Queued queued, Sealer.Sealed record) {
    boolean isTracked() {
      return !(queued.item instanceof Item.Whole(LogRecord.Touches touches));
    }
  }

  private void publish(int shard) {
    List<Queued> batch = take(shard);
    List<Queued> left = batch;
    try {
      requireRead(batch);
      List<Sealed> sealed = seal(batch);
      // What did not fit into one batch comes first in the next.
      left = batch.subList(sealed.size(), batch.size());
      List<Queued> unconfirmed =
          send(shard, sealed.stream().filter(s -> s.record != null).toList());
      sealed.stream().filter(s -> s.record == null).forEach(s -> gone(s.queued));
      if (!unconfirmed.isEmpty()) {
        List<Queued> all = new ArrayList<>(unconfirmed);
        all.addAll(left);
        left = all;
        failed(lanes[shard], refusal);
      } else {
        lanes[shard].failures = 0;
      }
    } catch (LinkDown e) {
      left = batch;
      failed(lanes[shard], e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.error("records could not be published, and are tried again", e);
      left = batch;
      failed(lanes[shard], e.toString());
    } finally {
      giveBack(shard, batch.size(), left);
    }
  }

  /** What is written and not read is remembered: it is not to be more and more. */
  private static void requireRead(List<Queued> batch) throws LinkDown {
    for (Queued queued : batch) {
      if (queued.stream.echoes.size() >= UNREAD_MAX) {
        throw new LinkDown("what was written before is not read");
      }
    }
  }

  private void failed(Lane lane, String why) {
    lane.failures++;
    long backoff =
        Math.min(BACKOFF_NANOS_MAX, BACKOFF_NANOS_MIN << Math.min(lane.failures - 1, 10));
    lane.retryAtNanos = System.nanoTime() + backoff;
    if (lane.failures == 1) {
      LOG.warn("records wait for the server, {} so far: {}", pending.get(), why);
    }
  }

  private List<Queued> take(int shard) {
    lock.lock();
    try {
      Lane lane = lanes[shard];
      List<Queued> batch = new ArrayList<>();
      while (batch.size() < BATCH_RECORDS && !lane.queue.isEmpty()) {
        batch.add(lane.queue.removeFirst());
      }
      lane.isPublishing = true;
      lane.publishingSinceMillis = batch.getFirst().sinceMillis;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(int shard, int taken, List<Queued> left) {
    lock.lock();
    try {
      Lane lane = lanes[shard];
      for (int i = left.size() - 1; i >= 0; i--) {
        lane.queue.addFirst(left.get(i));
      }
      lane.isPublishing = false;
      pending.addAndGet(left.size() - taken);
    } finally {
      lock.unlock();
    }
  }

  /** {@return the first of a batch, sealed, until they are many bytes; null for what is gone} */
  private List<Sealed> seal(List<Queued> batch) {
    List<Sealed> sealed = new ArrayList<>(batch.size());
    long bytes = 0;
    for (Queued queued : batch) {
      if (bytes >= BATCH_BYTES) {
        break;
      }
      Sealer.Sealed one = record(queued).map(record -> seal(queued, record)).orElse(null);
      sealed.add(new Sealed(queued, one));
      bytes += one == null ? 0 : one.bytes().length;
    }
    return sealed;
  }

  private Sealer.Sealed seal(Queued queued, LogRecord record) {
    try {
      return sealer.seal(queued.stream.stream, record);
    } catch (IllegalArgumentException e) {
      LOG.warn("an entry stays with this cache alone: {}", e.getMessage());
      return null;
    }
  }

  private void gone(Queued queued) {
    if (queued.ofBacklog) {
      queued.stream.backlog.decrementAndGet();
    }
    listener.gone(queued.item);
  }

  private Optional<LogRecord> record(Queued queued) {
    return switch (queued.item) {
      case Item.Entry(Hash128 key) ->
          find(queued.stream, key).map(entry -> put(queued.stream, entry));
      case Item.Whole(LogRecord record) -> Optional.of(record);
    };
  }

  private Optional<ReplicaEntry> find(Subscription stream, Hash128 key) {
    try {
      return replica.find(stream.scope(), key);
    } catch (InternalError e) {
      // Its pages cannot be read, now or later: what waits behind it must not wait for that.
      LOG.warn("an entry that cannot be read is not published: {}", e.toString());
      return Optional.empty();
    }
  }

  private static LogRecord put(Subscription stream, ReplicaEntry entry) {
    // Of a scope that nobody asked in since the cache was opened it is not known otherwise.
    stream.tenant = entry.tenant();
    return new LogRecord.Put(entry);
  }

  /** {@return those that the server did not confirm} */
  private List<Queued> send(int shard, List<Sealed> records) throws LinkDown {
    if (records.isEmpty()) {
      return List.of();
    }
    List<CommandArguments> adds = new ArrayList<>(records.size());
    Set<Subscription> streams = new LinkedHashSet<>();
    for (Sealed each : records) {
      adds.add(Streams.add(each.queued.stream.key, each.record.bytes()));
      streams.add(each.queued.stream);
      if (each.isTracked()) {
        Queued queued = each.queued;
        queued.stream.echoes.await(each.record.counter(), queued.sinceMillis, queued.ofBacklog);
      }
    }
    // Each time: it may be a log that had expired, or was deleted, and that XADD makes anew.
    streams.forEach(stream -> adds.add(Commands.keep(stream.key, retentionMillis)));
    List<Reply> replies = List.of();
    try {
      replies = commands.some(shard, adds);
    } finally {
      if (replies.isEmpty()) {
        records.forEach(Publisher::withdraw);
      }
    }
    List<Queued> unconfirmed = new ArrayList<>();
    List<CommandArguments> upkeep = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      Queued queued = records.get(i).queued;
      StreamId id = confirmedId(replies.get(i));
      if (id == null) {
        refusal = word(replies.get(i));
        withdraw(records.get(i));
        unconfirmed.add(queued);
        continue;
      }
      queued.stream.echoes.confirmed(records.get(i).record.counter(), id);
      counters.published.increment();
      if (queued.stream.confirmation() % UPKEEP_EVERY == 1) {
        upkeep.add(Commands.trimBefore(queued.stream.key, id.millis() - retentionMillis));
        upkeep.add(Commands.bound(queued.stream.key, logRecordsMax));
      }
      listener.published(queued.stream, queued.item);
    }
    if (!upkeep.isEmpty()) {
      keepUp(shard, upkeep);
    }
    return unconfirmed;
  }

  private void keepUp(int shard, List<CommandArguments> upkeep) {
    try {
      commands.some(shard, upkeep);
    } catch (LinkDown e) {
      LOG.debug("a log was not bounded: {}", e.getMessage());
    }
  }

  /** A record is sent again later, under another number; perhaps it is in the log all the same. */
  private static void withdraw(Sealed sealed) {
    Queued queued = sealed.queued;
    if (queued.stream.echoes.remove(sealed.record.counter()) == null
        && sealed.isTracked()
        && queued.ofBacklog) {
      // It was read meanwhile, and counted: it will be once more.
      queued.stream.backlog.incrementAndGet();
    }
  }

  private static String word(Reply reply) {
    return reply instanceof Reply.Refusal no ? "refused: " + no.word() : "not an id";
  }

  private static StreamId confirmedId(Reply reply) {
    try {
      return reply instanceof Reply.Refusal ? null : Streams.id(reply);
    } catch (UnsoundReply e) {
      return null;
    }
  }

  /** Publishes what waits, for so long at most, and ends. */
  void close(long millis) {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closed = true;
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Threads.end(thread);
  }
}
