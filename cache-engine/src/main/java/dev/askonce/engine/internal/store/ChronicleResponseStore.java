package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private static final int SHARDS_MAX = 1 << 16;
  private static final int POOL_THREADS = 4;
  private static final int POOL_QUEUE = 1024;

  private final Path directory;
  private final int shardEntries;
  private final int frameBytesMax;
  private final long timeoutNanos;
  private final List<ChronicleShard> shards = new CopyOnWriteArrayList<>();
  private final ThreadPoolExecutor pool;
  private volatile boolean leftOrphans;

  /**
   * Opens all shards of a directory, and creates the first where there is none.
   *
   * @param shardEntries entries of average size that a new shard has room for
   * @param frameBytesMax the longest frame that a new shard takes
   * @param clean whether the store was closed in order; otherwise every shard is recovered
   * @param timeout the most time that a virtual thread waits
   * @throws IOException if a shard cannot be opened; the caller moves the store aside
   */
  public ChronicleResponseStore(
      Path directory, int shardEntries, int frameBytesMax, boolean clean, Duration timeout)
      throws IOException {
    this.directory = directory;
    this.shardEntries = shardEntries;
    this.frameBytesMax = frameBytesMax;
    timeoutNanos = timeout.toNanos();
    pool =
        new ThreadPoolExecutor(
            POOL_THREADS,
            POOL_THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(POOL_QUEUE),
            Thread.ofPlatform().daemon().name("askonce-answers-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    try {
      do {
        openShard(clean);
      } while (Files.exists(ChronicleShard.answersFile(directory, shards.size())));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void openShard(boolean clean) throws IOException {
    shards.add(ChronicleShard.open(directory, shards.size(), shardEntries, frameBytesMax, clean));
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
    int known = shards.size();
    int shard = putInOneOf(0, known, id, card, answer);
    // One new shard has room for every frame within the limit; a second one would not help.
    return shard == REFUSED && grow(known)
        ? putInOneOf(known, shards.size(), id, card, answer)
        : shard;
  }

  private int putInOneOf(int from, int to, EntryId id, byte[] card, byte[] answer) {
    for (int i = to - 1; i >= from; i--) {
      ChronicleShard shard = shards.get(i);
      if (shard.hasRoom() && shard.put(id, card, answer)) {
        return i;
      }
    }
    return REFUSED;
  }

  private synchronized boolean grow(int known) {
    if (shards.size() > known) {
      return true;
    }
    if (known == SHARDS_MAX) {
      return false;
    }
    try {
      openShard(true);
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("no room for another shard of answers: {}", e.toString());
      return false;
    }
  }

  @Override
  public byte[] answer(int shard, EntryId id) throws TimeoutException {
    return shard < shards.size() ? onPlatformThread(() -> shards.get(shard).answer(id)) : null;
  }

  @Override
  public byte[] card(int shard, EntryId id) throws TimeoutException {
    return shard < shards.size() ? onPlatformThread(() -> shards.get(shard).card(id)) : null;
  }

  @Override
  public void remove(int shard, EntryId id) {
    if (shard < shards.size()) {
      try {
        onPlatformThread(
            () -> {
              shards.get(shard).remove(id);
              return null;
            });
      } catch (TimeoutException e) {
        leftOrphans = true;
      }
    }
  }

  @Override
  public long removeOrphans(Predicate<EntryId> live) {
    return shards.stream().mapToLong(shard -> shard.removeOrphans(live)).sum();
  }

  @Override
  public boolean needsRecovery() {
    return leftOrphans || shards.stream().anyMatch(ChronicleShard::isStuck);
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
    try {
      if (!pool.awaitTermination(10, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    shards.forEach(ChronicleShard::close);
    shards.clear();
  }
}
