package dev.askonce.engine.internal.store;

import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Disk;
import dev.askonce.engine.internal.base.PrivateFiles;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import net.openhft.hashing.LongHashFunction;

/**
 * What was found out about answers that were served, in the file {@code FEEDBACK}: pairs of texts
 * of which one's answer was wrong for the other, and how far each route was tightened for it. The
 * file is made with its first record.
 *
 * <pre>
 *    0  kind       u32      1: two texts that share no answer; 2: a route; 0: nothing
 *    4  level      u32      of a route: how often it was tightened
 *    8  oneHigh    u64      keyed hash of a text in its scope, or of a route's name
 *   16  oneLow     u64
 *   24  otherHigh  u64      of the other text, the higher of both; or 0
 *   32  otherLow   u64
 *   40  tenant     u64      keyed hash, of a pair's scope; or 0
 *   48  sequence   u64      grows with each record that is written
 *   56  checksum   u64      XXH3 of all before, seeded by the store
 * </pre>
 *
 * <p>A record lies in one sector, so that it is there or not. One that does not verify is skipped
 * and written over next. When there are {@link #RECORDS_MAX}, a new pair takes the place of the
 * oldest.
 *
 * <p>Thread-safe; {@link #separates} takes no lock.
 */
public final class FeedbackFile implements AutoCloseable {
  static final int RECORDS_MAX = 1 << 16;

  private static final int RECORD = 64;
  private static final int CHECKSUM = RECORD - Long.BYTES;
  private static final int PAIR = 1;
  private static final int ROUTE = 2;

  private record Pair(Hash128 one, Hash128 other) {
    static Pair of(Hash128 a, Hash128 b) {
      boolean ordered = a.high() != b.high() ? a.high() < b.high() : a.low() <= b.low();
      return ordered ? new Pair(a, b) : new Pair(b, a);
    }
  }

  /** Where a pair is in the file; not there yet where its place is negative. */
  private record Kept(Pair pair, long tenant, int place, long sequence) {
    static final int NOWHERE = -1;
  }

  /** A record to be. */
  private record Content(int kind, int level, Hash128 one, Hash128 other, long tenant) {}

  private final Path file;
  private final long seed;
  private final int recordsMax;
  private final Map<Pair, Kept> pairs = new ConcurrentHashMap<>();

  /* Under the monitor. */

  private final Map<Hash128, Integer> levels = new HashMap<>();
  private final Map<Hash128, Integer> routePlaces = new HashMap<>();
  private final Queue<Integer> free = new ArrayDeque<>();

  /** The pairs in the file, the oldest first. */
  private final NavigableSet<Kept> byAge =
      new TreeSet<>(Comparator.comparingLong(Kept::sequence).thenComparingInt(Kept::place));

  private int places;
  private long sequence;
  private int damaged;

  /** Not a channel, which an interrupt of a caller would close; null before the first record. */
  private RandomAccessFile content;

  private boolean closed;

  private FeedbackFile(Path file, long seed, int recordsMax) {
    this.file = file;
    this.seed = seed;
    this.recordsMax = recordsMax;
  }

  /** {@return the file of a directory} */
  public static Path file(Path directory) {
    return directory.resolve("FEEDBACK");
  }

  /**
   * Reads the file of a store, if it has one.
   *
   * @param seed of the store's checksums
   */
  public static FeedbackFile open(Path directory, long seed) throws IOException {
    return open(file(directory), seed, RECORDS_MAX);
  }

  static FeedbackFile open(Path file, long seed, int recordsMax) throws IOException {
    return of(file, Files.exists(file) ? read(file) : new byte[0], seed, recordsMax);
  }

  /** As {@link #open}, for a file that was read. */
  static FeedbackFile of(Path file, byte[] bytes, long seed, int recordsMax) {
    FeedbackFile opened = new FeedbackFile(file, seed, recordsMax);
    opened.load(bytes);
    return opened;
  }

  /** {@return what is wrong with the file of a store, if it has one} */
  static List<String> problems(Path directory, long seed) throws IOException {
    FeedbackFile read = open(directory, seed);
    return read.damaged == 0
        ? List.of()
        : List.of("%d records do not verify".formatted(read.damaged));
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(RECORD * RECORDS_MAX);
    }
  }

  private void load(byte[] bytes) {
    places = Math.min(recordsMax, (bytes.length + RECORD - 1) / RECORD);
    for (int place = 0; place < places; place++) {
      int from = place * RECORD;
      byte[] record =
          Arrays.copyOf(
              Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + RECORD)), RECORD);
      if (Arrays.equals(record, new byte[RECORD])) {
        free.add(place);
      } else {
        load(place, ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
  }

  private void load(int place, ByteBuffer record) {
    boolean verifies = record.getLong(CHECKSUM) == checksum(record.array());
    Hash128 one = new Hash128(record.getLong(8), record.getLong(16));
    Hash128 other = new Hash128(record.getLong(24), record.getLong(32));
    long itsSequence = record.getLong(48);
    if (verifies && record.getInt(0) == PAIR) {
      keep(new Kept(Pair.of(one, other), record.getLong(40), place, itsSequence));
    } else if (verifies && record.getInt(0) == ROUTE && record.getInt(4) >= 0) {
      levels.put(one, record.getInt(4));
      routePlaces.put(one, place);
    } else {
      damaged++;
      free.add(place);
      return;
    }
    sequence = Math.max(sequence, itsSequence);
  }

  private void keep(Kept kept) {
    pairs.put(kept.pair, kept);
    byAge.add(kept);
  }

  /** {@return records that were there at the opening but did not verify} */
  public synchronized int damaged() {
    return damaged;
  }

  /** {@return whether one of two texts must not be answered with what belongs to the other} */
  public boolean separates(Hash128 a, Hash128 b) {
    return !pairs.isEmpty() && pairs.containsKey(Pair.of(a, b));
  }

  /** {@return how often a route was tightened} */
  public synchronized int level(Hash128 route) {
    return levels.getOrDefault(route, 0);
  }

  /**
   * Keeps two texts apart from now on.
   *
   * @param tenant of their scope
   * @return whether they were not before
   * @throws IOException if the disk does not take it: they are kept apart until the cache is
   *     closed, and a further call tries again
   */
  public synchronized boolean separate(Hash128 a, Hash128 b, long tenant) throws IOException {
    Pair pair = Pair.of(a, b);
    Kept known = pairs.get(pair);
    if (closed || known != null && known.place != Kept.NOWHERE) {
      return false;
    }
    pairs.put(pair, new Kept(pair, tenant, Kept.NOWHERE, 0));
    int place = takePlace();
    try {
      write(place, new Content(PAIR, 0, pair.one, pair.other, tenant));
    } catch (IOException e) {
      free.add(place);
      throw e;
    }
    keep(new Kept(pair, tenant, place, sequence));
    return known == null;
  }

  /**
   * Keeps how often a route was tightened.
   *
   * @throws IOException if the disk does not take it
   */
  public synchronized void level(Hash128 route, int level) throws IOException {
    if (closed) {
      return;
    }
    levels.put(route, level);
    Integer known = routePlaces.get(route);
    int place = known == null ? takePlace() : known;
    routePlaces.put(route, place);
    write(place, new Content(ROUTE, level, route, Hash128.ZERO, 0));
  }

  /**
   * Forgets all pairs of a tenant, on the disk too.
   *
   * @throws IOException if the disk does not take it
   */
  public synchronized void forget(long tenant) throws IOException {
    List<Kept> gone = pairs.values().stream().filter(kept -> kept.tenant == tenant).toList();
    for (Kept kept : gone) {
      if (kept.place != Kept.NOWHERE) {
        put(kept.place, new byte[RECORD]);
        byAge.remove(kept);
        free.add(kept.place);
      }
      pairs.remove(kept.pair);
    }
    if (!gone.isEmpty() && content != null) {
      force();
    }
  }

  /** {@return a place of the caller's own: one that is free, or else that of the oldest pair} */
  private int takePlace() {
    if (!free.isEmpty()) {
      return free.remove();
    }
    if (places < recordsMax) {
      return places++;
    }
    Kept left = byAge.removeFirst();
    pairs.remove(left.pair);
    return left.place;
  }

  private void write(int place, Content written) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(0, written.kind).putInt(4, written.level);
    record.putLong(8, written.one.high()).putLong(16, written.one.low());
    record.putLong(24, written.other.high()).putLong(32, written.other.low());
    record.putLong(40, written.tenant).putLong(48, ++sequence);
    record.putLong(CHECKSUM, checksum(record.array()));
    put(place, record.array());
    force();
    CrashPoint.FEEDBACK_KEPT.reached();
  }

  private void put(int place, byte[] record) throws IOException {
    if (content == null) {
      if (!Files.exists(file)) {
        PrivateFiles.createFile(file);
        Disk.forceDirectory(file.toAbsolutePath().getParent());
      }
      content = new RandomAccessFile(file.toFile(), "rw");
    }
    content.seek((long) place * RECORD);
    content.write(record);
  }

  private void force() throws IOException {
    content.getFD().sync();
    Disk.forced(file);
  }

  private long checksum(byte[] record) {
    return LongHashFunction.xx3(seed).hashBytes(record, 0, CHECKSUM);
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      if (content != null) {
        content.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
