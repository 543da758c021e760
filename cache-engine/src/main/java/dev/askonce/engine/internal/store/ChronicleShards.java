package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.DamagedFileException;
import dev.askonce.engine.internal.base.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards of a directory. The newest is open from the beginning; the others are opened, or
 * recovered after an unclean stop, one by one by a thread of their own. A shard that cannot be
 * recovered is set aside alone, and an empty one takes its place.
 *
 * <p>Threading: by any thread.
 */
final class ChronicleShards implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChronicleShards.class);
  private static final int COUNT_MAX = 1 << 16;
  private static final Pattern ANSWERS = Pattern.compile("answers-(\\d{5})\\.cm");

  private final Path directory;
  private final int entries;
  private final int frameBytesMax;
  private final ChronicleShard.Left left;
  private final Thread opener;

  /** Held by whoever opens a shard that was there. */
  private final ReentrantLock opening = new ReentrantLock();

  /** Held by whoever adds one: a put need not wait for the recovery of those that were there. */
  private final ReentrantLock growing = new ReentrantLock();

  /** Null where a shard is not open; replaced under this object's monitor. */
  private volatile ChronicleShard[] shards;

  /** Removals from shards that are not open yet, and who lives; under this object's monitor. */
  private final List<Removal> postponed = new ArrayList<>();

  private Predicate<EntryId> live;
  private volatile boolean opened;
  private volatile boolean closed;

  /** Whether a shard cannot be used, until the next opening. */
  private volatile boolean unusable;

  private record Removal(int shard, EntryId id) {}

  /**
   * Opens the newest shard, or makes the first.
   *
   * @throws IOException if it cannot be opened, or, where they are to be left as they are, any
   */
  ChronicleShards(Path directory, int entries, int frameBytesMax, ChronicleShard.Left left)
      throws IOException {
    this.directory = directory;
    this.entries = entries;
    this.frameBytesMax = frameBytesMax;
    this.left = left;
    int count = count(directory);
    shards = new ChronicleShard[count];
    opener =
        Thread.ofPlatform().daemon().name("askonce-answers-opening").unstarted(this::openOthers);
    if (left.isInspected()) {
      openAll();
    } else {
      open(count - 1, left);
      opener.start();
    }
  }

  /** {@return the shards that there are: one may be missing that was just moved aside} */
  static int count(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> ANSWERS.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToInt(name -> Integer.parseInt(name.group(1)) + 1)
          .max()
          .orElse(1);
    }
  }

  private void openAll() throws IOException {
    try {
      for (int i = 0; i < shards.length; i++) {
        open(i, left);
      }
      opened = true;
    } catch (IOException | RuntimeException e) {
      closeShards();
      throw e;
    }
  }

  private void openOthers() {
    for (int i = shards.length - 1; i >= 0 && !closed; i--) {
      opening.lock();
      try {
        if (shards[i] == null) {
          open(i, left);
        }
      } catch (IOException | RuntimeException | Error e) {
        LOG.warn("answers of shard {} cannot be read until the next opening: {}", i, e.toString());
        unusable = true;
      } finally {
        opening.unlock();
      }
    }
    opened = true;
    forgetRule();
  }

  private void open(int index, ChronicleShard.Left how) throws IOException {
    ChronicleShard shard;
    try {
      shard = ChronicleShard.open(directory, index, entries, frameBytesMax, how);
    } catch (DamagedFileException | RuntimeException e) {
      if (how.isInspected()) {
        throw e;
      }
      LOG.warn("answers of shard {} are damaged and are moved aside: {}", index, e.toString());
      StoreDirectory.moveAside(
          directory,
          List.of(
              ChronicleShard.answersFile(directory, index),
              ChronicleShard.cardsFile(directory, index)),
          System.currentTimeMillis());
      shard = ChronicleShard.open(directory, index, entries, frameBytesMax, how);
    }
    try {
      publish(index, shard);
    } catch (RuntimeException | Error e) {
      if (ifOpen(index) != shard) {
        shard.close();
      }
      throw e;
    }
  }

  private void publish(int index, ChronicleShard shard) {
    Predicate<EntryId> rule;
    synchronized (this) {
      for (Removal removal : postponed) {
        if (removal.shard == index) {
          shard.remove(removal.id);
        }
      }
      postponed.removeIf(removal -> removal.shard == index);
      rule = live;
      ChronicleShard[] longer = Arrays.copyOf(shards, Math.max(shards.length, index + 1));
      longer[index] = shard;
      shards = longer;
    }
    if (rule != null) {
      shard.removeOrphans(rule);
    }
  }

  /** {@return the number of shards, those that are not open included} */
  int count() {
    return shards.length;
  }

  /** {@return a shard, or null where it is not open} */
  ChronicleShard ifOpen(int index) {
    ChronicleShard[] current = shards;
    return index < current.length ? current[index] : null;
  }

  /**
   * {@return a shard, or null where there is none} One that was closed in order is opened now; for
   * one that is to be recovered nobody waits.
   *
   * @throws TimeoutException if it is not open
   */
  ChronicleShard get(int index) throws TimeoutException {
    ChronicleShard[] current = shards;
    if (index >= current.length) {
      return null;
    }
    if (current[index] == null && left == ChronicleShard.Left.CLEAN) {
      openNow(index);
    }
    ChronicleShard shard = shards[index];
    if (shard == null) {
      throw new TimeoutException("shard " + index + " is not open");
    }
    return shard;
  }

  private void openNow(int index) throws TimeoutException {
    opening.lock();
    try {
      if (shards[index] == null && !closed && !opened) {
        open(index, left);
      }
    } catch (IOException | RuntimeException e) {
      throw new TimeoutException("shard " + index + " cannot be opened: " + e);
    } finally {
      opening.unlock();
    }
  }

  /** Adds a shard where there are {@code known}. {@return whether there are more now} */
  boolean grow(int known) {
    growing.lock();
    try {
      if (shards.length > known) {
        return true;
      }
      if (known == COUNT_MAX) {
        return false;
      }
      open(known, ChronicleShard.Left.CLEAN);
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("no room for another shard of answers: {}", e.toString());
      return false;
    } finally {
      growing.unlock();
    }
  }

  /** Removes an entry now, or as soon as its shard is open. */
  void remove(int index, EntryId id) {
    ChronicleShard shard;
    synchronized (this) {
      if (index >= shards.length) {
        return;
      }
      shard = shards[index];
      if (shard == null) {
        postponed.add(new Removal(index, id));
        return;
      }
    }
    shard.remove(id);
  }

  /** Removes what no live entry owns. {@return how many frames; more where shards open later} */
  long removeOrphans(Predicate<EntryId> rule) {
    List<ChronicleShard> open;
    synchronized (this) {
      live = rule;
      open = Arrays.stream(shards).filter(shard -> shard != null).toList();
    }
    long removed = open.stream().mapToLong(shard -> shard.removeOrphans(rule)).sum();
    forgetRule();
    return removed;
  }

  private synchronized void forgetRule() {
    if (opened) {
      live = null;
    }
  }

  /** Writes all that are open to the disk, and opens no further one: the others are there. */
  void force() throws IOException {
    stopOpening();
    for (ChronicleShard shard : shards) {
      if (shard != null) {
        shard.force();
      }
    }
  }

  /** {@return whether a shard waits for its recovery} */
  boolean areRecovering() {
    return !opened && left == ChronicleShard.Left.UNCLEAN;
  }

  /** {@return whether something in a shard cannot be used, or was not removed} */
  synchronized boolean needRecovery() {
    boolean recovering = left == ChronicleShard.Left.UNCLEAN;
    return unusable
        || !postponed.isEmpty()
        || Arrays.stream(shards).anyMatch(shard -> shard == null ? recovering : shard.isStuck());
  }

  /** Waits until all shards are open, as far as they can be opened. */
  void awaitOpen() {
    Threads.join(opener);
  }

  /** Opens no further shard: those that are not are as they were. */
  void stopOpening() {
    closed = true;
    Threads.join(opener);
  }

  @Override
  public void close() {
    stopOpening();
    closeShards();
  }

  private void closeShards() {
    for (ChronicleShard shard : shards) {
      if (shard != null) {
        shard.close();
      }
    }
    shards = new ChronicleShard[0];
  }
}
