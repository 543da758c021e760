package dev.askonce.redis.internal.replication;

import dev.askonce.redis.internal.server.LogReader;
import dev.askonce.redis.internal.server.StreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for what others publish in the live scopes of one reader, and applies it. A thread of its
 * own.
 *
 * <p>Whenever the connection was lost, and now and then, it looks whether the log still has the
 * records that it must have: a server that was flushed, or took over without them, does not say so.
 */
final class Tailer {
  private static final Logger LOG = LoggerFactory.getLogger(Tailer.class);
  private static final int RECORDS_PER_STREAM = 256;
  private static final Duration BLOCK = Duration.ofSeconds(1);
  private static final long VERIFY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Streams looked at with one call. */
  private static final int VERIFIED_AT_ONCE = 256;

  private final LogReader reader;
  private final Supplier<List<Subscription>> streams;
  private final Commands commands;
  private final Applier applier;
  private final Counters counters;
  private final Consumer<Subscription> lost;
  private final Semaphore changes = new Semaphore(0);
  private final Thread thread;
  private volatile boolean linked;
  private volatile boolean closed;
  private long verifiedNanos = System.nanoTime();
  private boolean doubtful;

  /**
   * @param streams those to be read now
   * @param lost told of each that lost something
   */
  Tailer(
      String name,
      LogReader reader,
      Supplier<List<Subscription>> streams,
      Commands commands,
      Applier applier,
      Counters counters,
      Consumer<Subscription> lost) {
    this.reader = reader;
    this.streams = streams;
    this.commands = commands;
    this.applier = applier;
    this.counters = counters;
    this.lost = lost;
    thread = Thread.ofPlatform().daemon().name("askonce-redis-tail-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Says that there is another stream to be read. */
  void wake() {
    changes.release();
    reader.wake();
  }

  /** {@return whether the server answered the last time} */
  boolean isLinked() {
    return linked;
  }

  private void run() {
    while (!closed) {
      try {
        step();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("what others published could not be applied, and is read again", e);
        doubtful = true;
      }
    }
  }

  private void step() throws InterruptedException {
    List<Subscription> tailed = streams.get();
    if (tailed.isEmpty()) {
      changes.tryAcquire(1, BLOCK.toMillis(), TimeUnit.MILLISECONDS);
      return;
    }
    if (doubtful || System.nanoTime() - verifiedNanos > VERIFY_NANOS) {
      verify(tailed);
      return;
    }
    changes.drainPermits();
    List<byte[]> keys = new ArrayList<>(tailed.size());
    List<StreamId> after = new ArrayList<>(tailed.size());
    Map<byte[], Subscription> byKey = new IdentityHashMap<>();
    for (Subscription stream : tailed) {
      keys.add(stream.key);
      after.add(stream.position);
      byKey.put(stream.key, stream);
    }
    LogReader.Batch batch = reader.read(keys, after, RECORDS_PER_STREAM, BLOCK);
    linked = batch.trouble().isEmpty();
    doubtful |= !linked || batch.reconnected();
    for (LogReader.Entry entry : batch.entries()) {
      Subscription stream = byKey.get(entry.key());
      if (stream.isTailed() && entry.id().compareTo(stream.position) > 0) {
        applier.apply(stream, entry.bytes());
        stream.position = entry.id();
        stream.records++;
      }
    }
  }

  /** Looks whether the logs have what they must have. */
  private void verify(List<Subscription> tailed) {
    Map<Integer, List<Subscription>> byShard = new HashMap<>();
    for (Subscription stream : tailed) {
      if (!stream.latest().equals(StreamId.ZERO)) {
        byShard.computeIfAbsent(stream.shard, s -> new ArrayList<>()).add(stream);
      }
    }
    try {
      for (Map.Entry<Integer, List<Subscription>> shard : byShard.entrySet()) {
        List<Subscription> all = shard.getValue();
        for (int from = 0; from < all.size(); from += VERIFIED_AT_ONCE) {
          verify(shard.getKey(), all.subList(from, Math.min(all.size(), from + VERIFIED_AT_ONCE)));
        }
      }
      doubtful = false;
      linked = true;
      verifiedNanos = System.nanoTime();
    } catch (LinkDown e) {
      linked = false;
      doubtful = true;
      // The reader waits as long as it takes for the server to be there again.
      readUntilLinked();
    }
  }

  private void readUntilLinked() {
    List<Subscription> tailed = streams.get();
    if (!tailed.isEmpty()) {
      reader.read(List.of(tailed.getFirst().key), List.of(StreamId.MAX), 1, Duration.ofMillis(50));
    }
  }

  private void verify(int shard, List<Subscription> some) throws LinkDown {
    List<StreamId> latest = some.stream().map(Subscription::latest).toList();
    List<Boolean> have = commands.have(shard, some, latest);
    for (int i = 0; i < some.size(); i++) {
      if (!have.get(i) && latest.get(i).equals(some.get(i).latest())) {
        LOG.warn("a log has lost what was in it, and is read and filled again");
        counters.losses.increment();
        lost.accept(some.get(i));
      }
    }
  }

  void close() {
    closed = true;
    reader.close();
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
