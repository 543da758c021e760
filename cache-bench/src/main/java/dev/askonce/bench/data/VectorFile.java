package dev.askonce.bench.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file of vectors, mapped for reading: little-endian 32-bit floats, row after row, and nothing
 * else. All rows are of length 1, whatever the file holds. Thread-safe until closed.
 */
public final class VectorFile implements AutoCloseable {
  /** A float as the files have it, at any address. */
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What a sum of squares may lack by rounding; other rows are scaled. */
  private static final double ROUNDING = 2e-7;

  /** Farther from length 1 is no accident. */
  private static final double UNIT_TOLERANCE = 1e-3;

  private final Arena arena;
  private final MemorySegment rows;
  private final int dimension;
  private final int count;
  private final boolean scaled;

  private VectorFile(Arena arena, MemorySegment rows, boolean scaled, int dimension) {
    this.arena = arena;
    this.rows = rows;
    this.scaled = scaled;
    this.dimension = dimension;
    count = (int) (rows.byteSize() / rowBytes(dimension));
  }

  /**
   * Opens a file and reads all of it once.
   *
   * @param dimension components of a row, from 1 to 4,096
   * @throws InputException if it is missing, empty, not a whole number of rows, or holds a row that
   *     is not finite or all zeros
   */
  public static VectorFile open(Path file, int dimension) throws IOException {
    if (dimension < 1 || dimension > 4096) {
      throw new InputException("dimension " + dimension + " is not from 1 to 4096");
    }
    if (!Files.isRegularFile(file)) {
      throw new InputException("there is no file " + file);
    }
    long bytes = Files.size(file);
    long rowBytes = rowBytes(dimension);
    if (bytes == 0 || bytes % rowBytes != 0 || bytes / rowBytes > Integer.MAX_VALUE) {
      throw new InputException(
          file + " has " + bytes + " bytes, not a whole number of rows of " + rowBytes);
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
      double farthest = farthestFromUnit(file, mapped, dimension);
      MemorySegment rows = farthest < ROUNDING ? mapped : unitRows(mapped, dimension, arena);
      return new VectorFile(arena, rows, farthest >= UNIT_TOLERANCE, dimension);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private static long rowBytes(int dimension) {
    return (long) dimension * Float.BYTES;
  }

  /** {@return by how much the length of a row differs from 1, at most} */
  private static double farthestFromUnit(Path file, MemorySegment mapped, int dimension) {
    double farthest = 0;
    float[] row = new float[dimension];
    for (long at = 0; at < mapped.byteSize(); at += rowBytes(dimension)) {
      MemorySegment.copy(mapped, FLOAT, at, row, 0, dimension);
      double norm = Vectors.norm(row);
      if (!(norm > 0 && norm < Float.MAX_VALUE)) {
        throw new InputException(
            file + ": row " + at / rowBytes(dimension) + " has the length " + norm);
      }
      farthest = Math.max(farthest, Math.abs(norm - 1));
    }
    return farthest;
  }

  private static MemorySegment unitRows(MemorySegment mapped, int dimension, Arena arena) {
    float[] row = new float[dimension];
    MemorySegment copy = arena.allocate(mapped.byteSize(), Long.BYTES);
    for (long at = 0; at < copy.byteSize(); at += rowBytes(dimension)) {
      MemorySegment.copy(mapped, FLOAT, at, row, 0, dimension);
      Vectors.normalise(row);
      MemorySegment.copy(row, 0, copy, FLOAT, at, dimension);
    }
    return copy;
  }

  /** {@return whether rows were of quite another length, as they also are if the dimension is} */
  public boolean isScaled() {
    return scaled;
  }

  /** {@return the number of rows} */
  public int count() {
    return count;
  }

  public int dimension() {
    return dimension;
  }

  /** {@return all rows, {@link #FLOAT} after {@link #FLOAT}} */
  public MemorySegment rows() {
    return rows;
  }

  /** {@return a copy of a row} */
  public float[] row(int index) {
    float[] row = new float[dimension];
    MemorySegment.copy(rows, FLOAT, index * rowBytes(dimension), row, 0, dimension);
    return row;
  }

  /** {@return where a row begins; nobody may read there once this is closed} */
  public long address(int index) {
    return rows.address() + Objects.checkIndex(index, count) * rowBytes(dimension);
  }

  @Override
  public void close() {
    arena.close();
  }
}
