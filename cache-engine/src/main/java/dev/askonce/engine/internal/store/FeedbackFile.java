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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 *   40  reserved   16 bytes
 *   56  checksum   u64      XXH3 of all before, seeded by the store
 * </pre>
 *
 * <p>A record lies in one sector, so that it is there or not. One that does not verify is skipped
 * and written over. When there are {@link #RECORDS_MAX}, a new pair takes the place of another.
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

  private final Path file;
  private final long seed;

  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();

  /* Under the monitor. */

  private final Map<Hash128, Integer> levels = new HashMap<>();
  private final Map<Hash128, Integer> routePlaces = new HashMap<>();

  /** The pair in each place; null where there is a route, or nothing. */
  private final List<Pair> places = new ArrayList<>();

  private final int recordsMax;
  private int next;
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
    int count = Math.min(recordsMax, (bytes.length + RECORD - 1) / RECORD);
    for (int place = 0; place < count; place++) {
      byte[] record =
          Arrays.copyOf(Arrays.copyOfRange(bytes, place * RECORD, bytes.length), RECORD);
      places.add(null);
      if (!Arrays.equals(record, new byte[RECORD])) {
        load(place, ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    next = places.size() < recordsMax ? places.size() : 0;
  }

  private void load(int place, ByteBuffer record) {
    boolean verifies = record.getLong(CHECKSUM) == checksum(record.array());
    Hash128 one = new Hash128(record.getLong(8), record.getLong(16));
    Hash128 other = new Hash128(record.getLong(24), record.getLong(32));
    if (verifies && record.getInt(0) == PAIR) {
      Pair pair = Pair.of(one, other);
      places.set(place, pair);
      pairs.add(pair);
    } else if (verifies && record.getInt(0) == ROUTE && record.getInt(4) >= 0) {
      levels.put(one, record.getInt(4));
      routePlaces.put(one, place);
    } else {
      damaged++;
    }
  }

  /** {@return records that were there but did not verify} */
  public synchronized int damaged() {
    return damaged;
  }

  /** {@return whether one of two texts must not be answered with what belongs to the other} */
  public boolean separates(Hash128 a, Hash128 b) {
    return !pairs.isEmpty() && pairs.contains(Pair.of(a, b));
  }

  /** {@return how often a route was tightened} */
  public synchronized int level(Hash128 route) {
    return levels.getOrDefault(route, 0);
  }

  /**
   * Keeps two texts apart from now on.
   *
   * @return whether they were not before
   * @throws IOException if the disk does not take it: they are kept apart until the cache is closed
   */
  public synchronized boolean separate(Hash128 a, Hash128 b) throws IOException {
    Pair pair = Pair.of(a, b);
    if (closed || !pairs.add(pair)) {
      return false;
    }
    int place = placeOfNext();
    Pair old = places.set(place, pair);
    if (old != null) {
      pairs.remove(old);
    }
    write(place, PAIR, 0, pair.one, pair.other);
    return true;
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
    int place = known == null ? placeOfNext() : known;
    Pair old = places.set(place, null);
    if (old != null) {
      pairs.remove(old);
    }
    routePlaces.put(route, place);
    write(place, ROUTE, level, route, Hash128.ZERO);
  }

  /** {@return the place after the one taken last that no route has} */
  private int placeOfNext() {
    while (routePlaces.containsValue(next)) {
      next = (next + 1) % recordsMax;
    }
    int place = next;
    if (place == places.size()) {
      places.add(null);
    }
    next = (next + 1) % recordsMax;
    return place;
  }

  private void write(int place, int kind, int level, Hash128 one, Hash128 other)
      throws IOException {
    ByteBuffer record = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(0, kind).putInt(4, level);
    record.putLong(8, one.high()).putLong(16, one.low());
    record.putLong(24, other.high()).putLong(32, other.low());
    record.putLong(CHECKSUM, checksum(record.array()));
    if (content == null) {
      if (!Files.exists(file)) {
        PrivateFiles.createFile(file);
      }
      content = new RandomAccessFile(file.toFile(), "rw");
    }
    content.seek((long) place * RECORD);
    content.write(record.array());
    content.getFD().sync();
    Disk.forced(file);
    CrashPoint.FEEDBACK_KEPT.reached();
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
