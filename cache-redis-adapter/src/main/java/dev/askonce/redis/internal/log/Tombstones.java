package dev.askonce.redis.internal.log;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The removals that a cache remembers, so that what was removed never comes back from the log or
 * from another cache. They are in memory, and in the file {@code REMOVALS} of the store's directory
 * ({@link RemovalRecord}), which is made with the first of them.
 *
 * <p>Threading: any thread. {@link #covers} takes no lock and reads no file. {@link #add} waits for
 * a write to the file, never for the disk. A kill loses nothing that was added; a power failure
 * nothing that was {@linkplain #force forced} after.
 *
 * <p>Where the disk refuses, removals are kept in memory, and written with the next that it takes.
 */
public final class Tombstones implements AutoCloseable {
  /*
   * Removals of one target are one: the highest version, until the latest time. The file has each
   * change as a record behind the others; it is rewritten when more than half of its records say
   * nothing any more. A record has a fixed length, so one that is damaged costs no other.
   *
   * Locks: tidying before the monitor. The monitor is held for a write to the file; tidying for
   * what waits for the disk.
   */

  private static final Logger LOG = LoggerFactory.getLogger(Tombstones.class);

  /** What is removed. */
  private record Target(Removal.Kind kind, Hash128 scope, Hash128 key, long name) {
    static Target of(Removal removal) {
      return new Target(removal.kind(), removal.scope(), removal.key(), removal.name());
    }

    static Target named(Removal.Kind kind, long name) {
      return new Target(kind, Hash128.ZERO, Hash128.ZERO, name);
    }
  }

  /** Up to which version, and how long to be remembered. */
  private record Kept(long version, long keepUntilMillis) {
    Kept and(Kept other) {
      return new Kept(
          Math.max(version, other.version), Math.max(keepUntilMillis, other.keepUntilMillis));
    }
  }

  private final Path file;
  private final LongSupplier nowMillis;
  private final Map<Target, Kept> kept = new ConcurrentHashMap<>();
  private volatile long versionMin;
  private final ReentrantLock tidying = new ReentrantLock();

  /* Under the monitor. */

  private final Set<Target> unwritten = new LinkedHashSet<>();

  /** Those written since a rewrite was begun; null where none is under way. */
  private Set<Target> sinceRewrite;

  /** Not a channel, which an interrupt of a caller would close; null before the first record. */
  private RandomAccessFile content;

  /** Where the next record goes: what a write that failed left behind it is written over. */
  private long end;

  /** Whether the file may hold what the disk does not: at first, what another process wrote. */
  private boolean unforced = true;

  private long refused;
  private boolean refusing;
  private int damaged;
  private boolean closed;

  private Tombstones(Path file, LongSupplier nowMillis) {
    this.file = file;
    this.nowMillis = nowMillis;
  }

  /** {@return the file of a store's directory} */
  static Path file(Path directory) {
    return directory.resolve("REMOVALS");
  }

  /**
   * Reads the removals of a store. What a kill left unfinished at the file's end is cut off; a file
   * that cannot be read is moved into a directory beside it, and a warning says so.
   *
   * @param nowMillis the time by which removals are forgotten, in milliseconds since 1970
   * @throws CacheException.StoreUnavailable if the file can neither be read nor moved
   */
  public static Tombstones open(Path directory, LongSupplier nowMillis) {
    Tombstones opened = new Tombstones(file(directory), nowMillis);
    if (Files.exists(opened.file)) {
      opened.load();
      opened.tidy();
    }
    return opened;
  }

  private synchronized void load() {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      byte[] header = in.readNBytes(RemovalRecord.BYTES);
      if (header.length == RemovalRecord.BYTES && !RemovalRecord.isHeader(header)) {
        moveAside("it is no file of removals, or of another version");
        return;
      }
      end = loadRecords(in);
      content = new RandomAccessFile(file.toFile(), "rw");
      if (header.length < RemovalRecord.BYTES) {
        content.setLength(0);
        content.write(RemovalRecord.header());
      } else if (content.length() > end) {
        LOG.warn(
            "{} ended with {} bytes that are no removal: a crash leaves such, and damage does; they"
                + " are cut off",
            file,
            content.length() - end);
        content.setLength(end);
      }
    } catch (IOException e) {
      moveAside(e.toString());
    }
    if (damaged > 0) {
      LOG.warn(
          "{} removals in {} do not verify: what they removed may come back from other caches;"
              + " remove it again",
          damaged,
          file);
    }
  }

  /** {@return where the last record that verifies ends} */
  private long loadRecords(InputStream in) throws IOException {
    long place = RemovalRecord.BYTES;
    long goodEnd = place;
    int doubtful = 0;
    byte[] record = in.readNBytes(RemovalRecord.BYTES);
    while (record.length == RemovalRecord.BYTES) {
      place += RemovalRecord.BYTES;
      Optional<RemovalRecord> read = RemovalRecord.decode(record);
      if (read.isPresent()) {
        keep(read.get().removal(), read.get().keepUntilMillis());
        damaged += doubtful;
        doubtful = 0;
        goodEnd = place;
      } else {
        doubtful++;
      }
      record = in.readNBytes(RemovalRecord.BYTES);
    }
    return goodEnd;
  }

  /** What was read of it is kept, and written anew. */
  private void moveAside(String why) {
    try {
      if (content != null) {
        content.close();
        content = null;
      }
      Path aside = StoreFiles.moveAside(file, nowMillis.getAsLong());
      LOG.warn(
          "{} cannot be read ({}) and was moved to {}: what was removed may come back from other"
              + " caches; {} removals were read of it",
          file,
          why,
          aside,
          kept.size());
    } catch (IOException e) {
      throw new CacheException.StoreUnavailable(
          "cannot read " + file + " (" + why + "), nor move it aside: " + e, e);
    }
    unwritten.addAll(kept.keySet());
    write();
  }

  /**
   * Remembers a removal. It is in the file before this returns, if the disk takes it.
   *
   * @param keepUntilMillis until when, in milliseconds since 1970
   * @return whether it removes more than one that is known: false if one of the same target covers
   *     all that it does, which is then kept as long as either asks
   */
  public boolean add(Removal removal, long keepUntilMillis) {
    Removal plain = RecordCodec.plain(removal);
    Target target = Target.of(plain);
    synchronized (this) {
      Kept known = kept.get(target);
      boolean more = known == null || known.version < plain.version();
      if (more || known.keepUntilMillis < keepUntilMillis) {
        keep(plain, keepUntilMillis);
        unwritten.add(target);
        write();
      }
      return more;
    }
  }

  private void keep(Removal removal, long keepUntilMillis) {
    kept.merge(
        Target.of(removal),
        new Kept(removal.version(), keepUntilMillis),
        (one, two) -> one.and(two));
    versionMin = Math.max(versionMin, after(removal.version()));
  }

  private static long after(long version) {
    return version == Long.MAX_VALUE ? version : version + 1;
  }

  /** Writes all that are not in the file yet. */
  private void write() {
    if (closed || unwritten.isEmpty()) {
      return;
    }
    try {
      if (content == null) {
        create();
      }
      byte[] block = records(unwritten);
      content.seek(end);
      content.write(block);
      end += block.length;
      unforced = true;
      if (sinceRewrite != null) {
        sinceRewrite.addAll(unwritten);
      }
      unwritten.clear();
      refusing = false;
    } catch (IOException e) {
      refused(e);
    }
  }

  private void create() throws IOException {
    StoreFiles.create(file);
    RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw");
    try {
      made.write(RemovalRecord.header());
    } catch (IOException e) {
      made.close();
      throw e;
    }
    content = made;
    end = RemovalRecord.BYTES;
  }

  private byte[] records(Set<Target> targets) {
    byte[] block = new byte[Math.multiplyExact(targets.size(), RemovalRecord.BYTES)];
    int at = 0;
    for (Target target : targets) {
      byte[] record = record(target, kept.get(target)).encode();
      System.arraycopy(record, 0, block, at, record.length);
      at += record.length;
    }
    return block;
  }

  private static RemovalRecord record(Target target, Kept kept) {
    return new RemovalRecord(
        new Removal(target.kind, target.scope, target.key, target.name, kept.version),
        kept.keepUntilMillis);
  }

  /** Said once for as long as it lasts. */
  private void refused(IOException e) {
    refused++;
    if (!refusing) {
      LOG.warn("{} cannot be written; removals are kept in memory until it can", file, e);
    }
    refusing = true;
  }

  /** {@return whether an entry was removed} */
  public boolean covers(ReplicaEntry entry) {
    if (kept.isEmpty()) {
      return false;
    }
    if (covers(new Target(Removal.Kind.ENTRY, entry.scope(), entry.key(), 0), entry)
        || covers(new Target(Removal.Kind.SCOPE, entry.scope(), Hash128.ZERO, 0), entry)
        || covers(Target.named(Removal.Kind.TENANT, entry.tenant()), entry)
        || covers(Target.named(Removal.Kind.PRINCIPAL, entry.principal()), entry)) {
      return true;
    }
    for (long tag : entry.tags()) {
      if (covers(Target.named(Removal.Kind.TAG, tag), entry)) {
        return true;
      }
    }
    return false;
  }

  private boolean covers(Target target, ReplicaEntry entry) {
    Kept known = kept.get(target);
    return known != null && entry.version() <= known.version;
  }

  /** {@return one more than the highest version of a removal, or 0 where there is none} */
  public long versionMin() {
    return versionMin;
  }

  /** Shows every removal and until when it is kept, in no order; those added meanwhile maybe. */
  public void forEach(BiConsumer<Removal, Long> action) {
    kept.forEach(
        (target, value) -> {
          RemovalRecord record = record(target, value);
          action.accept(record.removal(), record.keepUntilMillis());
        });
  }

  /** {@return how many removals are remembered} */
  public int size() {
    return kept.size();
  }

  /** {@return how many removals are in memory only} */
  public synchronized int unwritten() {
    return unwritten.size();
  }

  /** {@return how often the disk refused} */
  public synchronized long refused() {
    return refused;
  }

  /** {@return records that were in the file at the opening but did not verify, its end apart} */
  public synchronized int damaged() {
    return damaged;
  }

  /** Waits until all that was added is on the disk. {@return whether it is} */
  public boolean force() {
    tidying.lock();
    try {
      RandomAccessFile forced;
      synchronized (this) {
        write();
        if (!unwritten.isEmpty() || closed || !unforced) {
          return unwritten.isEmpty();
        }
        forced = content;
        unforced = false;
      }
      if (forced != null) {
        forced.getFD().sync();
        StoreFiles.forceNames(file.toAbsolutePath().getParent());
      }
      return true;
    } catch (IOException e) {
      synchronized (this) {
        unforced = true;
        refused(e);
      }
      return false;
    } finally {
      tidying.unlock();
    }
  }

  /**
   * Forgets the removals whose time is over, and rewrites the file if more than half of it says
   * nothing any more. Called now and then; those who add do not wait for it.
   *
   * @return how many were forgotten
   */
  public int tidy() {
    tidying.lock();
    try {
      List<RemovalRecord> live = new ArrayList<>();
      int forgotten;
      synchronized (this) {
        forgotten = forget();
        long records = end / RemovalRecord.BYTES - 1;
        long garbage = records - (kept.size() - unwritten.size());
        if (closed || content == null || 2 * garbage <= records) {
          return forgotten;
        }
        kept.forEach((target, value) -> live.add(record(target, value)));
        sinceRewrite = new LinkedHashSet<>();
      }
      rewrite(live);
      return forgotten;
    } finally {
      tidying.unlock();
    }
  }

  private int forget() {
    long now = nowMillis.getAsLong();
    int before = kept.size();
    kept.values().removeIf(value -> value.keepUntilMillis <= now);
    unwritten.retainAll(kept.keySet());
    long min = 0;
    for (Kept value : kept.values()) {
      min = Math.max(min, after(value.version));
    }
    versionMin = min;
    return before - kept.size();
  }

  private void rewrite(List<RemovalRecord> live) {
    Path unfinished = StoreFiles.unfinished(file);
    try {
      StoreFiles.create(unfinished);
      try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
        OutputStream buffered = new BufferedOutputStream(out);
        buffered.write(RemovalRecord.header());
        for (RemovalRecord record : live) {
          buffered.write(record.encode());
        }
        buffered.flush();
        out.getFD().sync();
      }
      replace(unfinished, live.size());
      StoreFiles.forceNames(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      synchronized (this) {
        sinceRewrite = null;
        refused(e);
      }
    }
  }

  /** Those that were added meanwhile follow, before the new file takes the old one's place. */
  private synchronized void replace(Path unfinished, int records) throws IOException {
    RandomAccessFile fresh = new RandomAccessFile(unfinished.toFile(), "rw");
    try {
      long freshEnd = (1L + records) * RemovalRecord.BYTES;
      fresh.seek(freshEnd);
      if (!sinceRewrite.isEmpty()) {
        byte[] block = records(sinceRewrite);
        fresh.write(block);
        fresh.getFD().sync();
        freshEnd += block.length;
      }
      StoreFiles.finish(file);
      end = freshEnd;
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
    RandomAccessFile old = content;
    content = fresh;
    sinceRewrite = null;
    old.close();
  }

  @Override
  public void close() {
    tidying.lock();
    try {
      synchronized (this) {
        write();
        closed = true;
        if (content != null) {
          content.close();
        }
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be closed", file, e);
    } finally {
      tidying.unlock();
    }
  }
}
