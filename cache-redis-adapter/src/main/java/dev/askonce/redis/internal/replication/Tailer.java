package dev.askonce.redis.internal.replication;

import dev.askonce.redis.RedisTrouble;
import dev.askonce.redis.internal.server.LogReader;
import dev.askonce.redis.internal.server.StreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** How long a server that answered once is taken to be there. */
  private static final long ANSWERED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long VERIFY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final LogReader reader;
  private final Supplier<List<Subscription>> streams;
  private final LogCheck check;
  private final Applier applier;
  private final Counters counters;
  private final Consumer<Subscription> lost;
  private final Semaphore changes = new Semaphore(0);
  private final Thread thread;
  private volatile boolean linked;
  private volatile long answeredNanos;
  private volatile boolean answers;
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
      Keys keyNames,
      Applier applier,
      Counters counters,
      Consumer<Subscription> lost) {
    this.reader = reader;
    this.streams = streams;
    check = new LogCheck(commands, keyNames, this::lost);
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

  /** {@return whether the server answered just now, and did not cut us off since} */
  boolean isAnswered() {
    return answers && System.nanoTime() - answeredNanos < ANSWERED_NANOS;
  }

  private LogReader.Batch read(List<byte[]> keys, List<StreamId> after, int count, Duration block) {
    LogReader.Batch batch = reader.read(keys, after, count, block);
    RedisTrouble trouble = batch.trouble().orElse(null);
    if (trouble == null) {
      answeredNanos = System.nanoTime();
      answers = true;
    } else if (trouble == RedisTrouble.BROKEN) {
      // Cut, as by a server that ends. Whatever else it is may be our own slowness.
      answers = false;
    }
    return batch;
  }

  /** {@return whether there is nothing to read} */
  boolean isIdle() {
    return streams.get().isEmpty();
  }

  private void run() {
    while (!closed) {
      try {
        step();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        LOG.error("what others published could not be applied, and is read again", e);
        doubtful = true;
        pause();
      }
    }
  }

  private void pause() {
    try {
      changes.tryAcquire(BLOCK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closed = true;
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
    LogReader.Batch batch = read(keys, after, RECORDS_PER_STREAM, BLOCK);
    linked = batch.trouble().isEmpty();
    doubtful |= !linked || batch.reconnected();
    Set<Subscription> changed = new LinkedHashSet<>();
    for (LogReader.Entry entry : batch.entries()) {
      Subscription stream = byKey.get(entry.key());
      if (stream.isTailed() && entry.id().compareTo(stream.position) > 0) {
        applier.apply(stream, entry.bytes());
        if (changed.add(stream) && stream.link == null && stream.isRecord(stream.position)) {
          stream.link = stream.position;
        }
        stream.position = entry.id();
        stream.records++;
      }
    }
    if (!changed.isEmpty()) {
      verifyLinks(changed);
    }
  }

  /**
   * Looks whether what was read just now follows what was read before: a log that was lost and
   * begun anew goes on as if nothing had been.
   */
  private void verifyLinks(Set<Subscription> changed) {
    List<LogCheck.Expected> expected = new ArrayList<>();
    for (Subscription stream : changed) {
      if (stream.isTailed() && stream.echoes.isMissing(stream.position)) {
        lost(stream);
      } else if (stream.link != null) {
        expected.add(new LogCheck.Expected(stream, stream.link, stream.loads));
      }
    }
    try {
      check.records(expected);
      expected.forEach(each -> each.stream().link = null);
    } catch (LinkDown e) {
      doubtful = true;
    }
  }

  private void lost(Subscription stream) {
    LOG.warn("a log has lost what was in it, and is read and filled again");
    counters.losses.increment();
    lost.accept(stream);
  }

  /** Looks whether the logs have what they must have. */
  private void verify(List<Subscription> tailed) {
    try {
      check.all(tailed);
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
      read(List.of(tailed.getFirst().key), List.of(StreamId.MAX), 1, Duration.ofMillis(50));
    }
  }

  /** Tells it to end. */
  void stop() {
    closed = true;
    reader.close();
    changes.release();
  }

  /** Waits until it has ended. */
  void close() {
    stop();
    Threads.end(thread);
  }
}
