package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.Threads;
import dev.askonce.engine.internal.store.ChronicleShard.Left;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers and cards in Chronicle Maps, in shards: when all are full a new one is opened.
 *
 * <p>Chronicle Map keeps a large context for each thread that touches a map. Platform threads go
 * straight in; virtual threads, of which there may be thousands, go through a small pool of
 * platform threads with a deadline.
 */
public final class ChronicleResponseStore implements ResponseStore {
  private static final Logger LOG = LoggerFactory.getLogger(ChronicleResponseStore.class);
  private static final int POOL_THREADS = 4;
  private static final int POOL_QUEUE = 1024;
  private static final int CLOSE_SECONDS = 10;

  private final int frameBytesMax;
  private final long timeoutNanos;
  private final ChronicleShards shards;
  private final ThreadPoolExecutor pool;
  private volatile boolean leftOrphans;

  /**
   * Opens the newest shard of a directory, or creates the first; the others follow behind.
   *
   * @param shardEntries entries of average size that a new shard has room for
   * @param frameBytesMax the longest frame that a new shard takes
   * @param clean whether the store was closed in order; otherwise every shard is recovered
   * @param timeout the most time that a virtual thread waits
   * @throws IOException if the newest cannot be opened
   */
  public ChronicleResponseStore(
      Path directory, int shardEntries, int frameBytesMax, boolean clean, Duration timeout)
      throws IOException {
    this(directory, shardEntries, frameBytesMax, clean ? Left.CLEAN : Left.UNCLEAN, timeout);
  }

  ChronicleResponseStore(
      Path directory, int shardEntries, int frameBytesMax, Left left, Duration timeout)
      throws IOException {
    this.frameBytesMax = frameBytesMax;
    timeoutNanos = timeout.toNanos();
    shards = new ChronicleShards(directory, shardEntries, frameBytesMax, left);
    pool =
        new ThreadPoolExecutor(
            POOL_THREADS,
            POOL_THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(POOL_QUEUE),
            Thread.ofPlatform().daemon().name("askonce-answers-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public int put(EntryId id, byte[] card, byte[] answer) {
    try {
      return onPlatformThread(() -> putInSomeShard(id, card, answer));
    } catch (TimeoutException e) {
      // It may still be written, after its caller has given up.
      leftOrphans = true;
      return REFUSED;
    }
  }

  private int putInSomeShard(EntryId id, byte[] card, byte[] answer) {
    if (card.length > frameBytesMax || answer.length > frameBytesMax) {
      return REFUSED;
    }
    int known = shards.count();
    int shard = putInOneOf(0, known, id, card, answer);
    // One new shard has room for every frame within the limit; a second one would not help.
    return shard == REFUSED && shards.grow(known)
        ? putInOneOf(known, shards.count(), id, card, answer)
        : shard;
  }

  private int putInOneOf(int from, int to, EntryId id, byte[] card, byte[] answer) {
    for (int i = to - 1; i >= from; i--) {
      ChronicleShard shard = shards.ifOpen(i);
      if (shard != null && shard.hasRoom() && shard.put(id, card, answer)) {
        return i;
      }
    }
    return REFUSED;
  }

  @Override
  public byte[] answer(int shard, EntryId id) throws TimeoutException {
    return onPlatformThread(
        () -> {
          ChronicleShard open = shards.get(shard);
          return open == null ? null : open.answer(id);
        });
  }

  @Override
  public byte[] card(int shard, EntryId id) throws TimeoutException {
    return onPlatformThread(
        () -> {
          ChronicleShard open = shards.get(shard);
          return open == null ? null : open.card(id);
        });
  }

  @Override
  public void remove(int shard, EntryId id) {
    try {
      onPlatformThread(
          () -> {
            shards.remove(shard, id);
            return null;
          });
    } catch (TimeoutException e) {
      leftOrphans = true;
    }
  }

  @Override
  public void force() throws IOException {
    shards.force();
  }

  @Override
  public long removeOrphans(Predicate<EntryId> live) {
    return shards.removeOrphans(live);
  }

  @Override
  public boolean isRecovering() {
    return shards.areRecovering();
  }

  @Override
  public void awaitOpen() {
    shards.awaitOpen();
  }

  @Override
  public boolean needsRecovery() {
    return leftOrphans || shards.needRecovery();
  }

  private <T> T onPlatformThread(Callable<T> call) throws TimeoutException {
    try {
      if (!Thread.currentThread().isVirtual()) {
        return call.call();
      }
      Future<T> future = pool.submit(call);
      try {
        return future.get(timeoutNanos, TimeUnit.NANOSECONDS);
      } finally {
        future.cancel(false);
      }
    } catch (RejectedExecutionException e) {
      throw new TimeoutException("too many readers of answers");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    } catch (TimeoutException e) {
      throw e;
    } catch (ExecutionException e) {
      throw new TimeoutException("the map failed: " + e.getCause());
    } catch (Exception e) {
      // A lock left by a killed process ends here after two seconds.
      throw new TimeoutException("the map failed: " + e);
    }
  }

  @Override
  public void close() {
    pool.shutdown();
    if (Threads.awaitEnd(pool, CLOSE_SECONDS)) {
      shards.close();
    } else {
      // Whoever still reads would read where nothing is mapped.
      LOG.warn("a reader of answers does not end; its files stay open");
      shards.stopOpening();
    }
  }
}
