package dev.askonce.engine.internal.store;

import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Disk;
import dev.askonce.engine.internal.base.MappedFile;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Records and vectors of all entries, by slot, in mapped segments of {@link #segmentSlots()} slots.
 * Segments are added and never shrink or move; {@code slots-*.dat} and {@code vectors-*.dat} of the
 * same number belong together.
 *
 * <pre>
 *   slots-NNNNN.dat    record of {@link SlotRecord} for each slot, 120 bytes apart
 *   vectors-NNNNN.dat  f32 × dimension for each slot, of length 1, S bytes apart
 *
 *   S = 4 × dimension, up to the next multiple of 64, and 64 more where that is one of 4,096
 *   slot number = NNNNN × segmentSlots + place in the file
 * </pre>
 *
 * <p>Threading: {@link #grow}, {@link #force} and {@link #close} by the owner's write lock; all
 * else by any thread. Addresses are valid until {@link #close}.
 */
public final class EntryTable implements AutoCloseable {
  /** Slots of one segment at most. */
  public static final int SEGMENT_SLOTS_MAX = 8192;

  private static final int LINE = 64;
  private static final int PAGE = 4096;

  private final Path directory;
  private final UUID uuid;
  private final int dimension;
  private final int shift;
  private final int mask;
  private final long vectorStride;
  private final List<MappedFile> files = new ArrayList<>();

  private volatile long[] slotBases = new long[0];
  private volatile long[] vectorBases = new long[0];

  public EntryTable(Path directory, UUID uuid, int dimension, int segmentSlots) {
    assert Integer.bitCount(segmentSlots) == 1 : segmentSlots;
    this.directory = directory;
    this.uuid = uuid;
    this.dimension = dimension;
    shift = Integer.numberOfTrailingZeros(segmentSlots);
    mask = segmentSlots - 1;
    vectorStride = vectorStride(dimension);
  }

  /** {@return bytes from one vector to the next: whole cache lines, and no multiple of a page} */
  static long vectorStride(int dimension) {
    long bytes = ((long) dimension * Float.BYTES + LINE - 1) & -LINE;
    // Vectors a multiple of a page apart would fall into the same cache sets.
    return bytes % PAGE == 0 ? bytes + LINE : bytes;
  }

  /** {@return the file of a segment's records} */
  public static Path slotsFile(Path directory, int segment) {
    return directory.resolve("slots-%05d.dat".formatted(segment));
  }

  static Path vectorsFile(Path directory, int segment) {
    return directory.resolve("vectors-%05d.dat".formatted(segment));
  }

  /**
   * Maps one more segment, from its files where they exist.
   *
   * @throws IOException if the disk is full or a file has the wrong length; the table is unchanged
   */
  public void grow() throws IOException {
    int segment = slotBases.length;
    MappedFile slots =
        MappedFile.open(slotsFile(directory, segment), (long) segmentSlots() * SlotRecord.BYTES);
    CrashPoint.SLOTS_FILE_MADE.reached();
    MappedFile vectors;
    try {
      vectors = MappedFile.open(vectorsFile(directory, segment), segmentSlots() * vectorStride);
    } catch (IOException | RuntimeException e) {
      slots.close();
      throw e;
    }
    CrashPoint.VECTORS_FILE_MADE.reached();
    files.add(slots);
    files.add(vectors);
    vectorBases = append(vectorBases, vectors.address());
    // Slots last: a slot below capacity() must have its vector.
    slotBases = append(slotBases, slots.address());
  }

  private static long[] append(long[] bases, long base) {
    long[] longer = Arrays.copyOf(bases, bases.length + 1);
    longer[bases.length] = base;
    return longer;
  }

  public int segmentSlots() {
    return mask + 1;
  }

  /** {@return the number of slots; valid ones are below} */
  public int capacity() {
    return slotBases.length << shift;
  }

  public int dimension() {
    return dimension;
  }

  public UUID uuid() {
    return uuid;
  }

  /** {@return the address of a record; {@code slot} must be below {@link #capacity()}} */
  public long slotAddress(int slot) {
    return slotBases[slot >>> shift] + (long) (slot & mask) * SlotRecord.BYTES;
  }

  /** {@return the address of a vector; {@code slot} must be below {@link #capacity()}} */
  public long vectorAddress(int slot) {
    return vectorBases[slot >>> shift] + (slot & mask) * vectorStride;
  }

  public long commitAcquire(int slot) {
    return Memory.getLongAcquire(slotAddress(slot));
  }

  /**
   * {@return whether a search may propose this slot: live, of this scope and in its time} A hint
   * without checksum: {@link SlotRecord#load} decides.
   */
  public boolean isServable(int slot, Hash128 scope, long nowMillis) {
    long address = slotAddress(slot);
    return SlotRecord.state(Memory.getLongAcquire(address)) == SlotRecord.LIVE
        && Memory.getLong(address + SlotRecord.SCOPE_HIGH) == scope.high()
        && Memory.getLong(address + SlotRecord.SCOPE_LOW) == scope.low()
        && Memory.getLong(address + SlotRecord.EXPIRES_MILLIS) > nowMillis;
  }

  /** {@return the lower half of a live slot's text hash} */
  public long textLow(int slot) {
    return Memory.getLong(slotAddress(slot) + SlotRecord.TEXT_LOW);
  }

  /** Overwrites the vector of a slot that no reader can see any more. */
  public void eraseVector(int slot) {
    Memory.zero(vectorAddress(slot), (long) dimension * Float.BYTES);
  }

  /** Writes all changed pages to the disk, and the names of all files. */
  public void force() throws IOException {
    files.forEach(MappedFile::force);
    Disk.forceDirectory(directory);
  }

  /** {@return the file of a slot's record, to be forced} */
  public MappedFile records(int slot) {
    return files.get(2 * (slot >>> shift));
  }

  @Override
  public void close() {
    files.forEach(MappedFile::close);
    files.clear();
  }
}
