package dev.askonce.bench.vectors;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Random;

/**
 * Unit vectors of one dimension, row after row in one piece of native memory. Immutable once
 * filled; thread-safe. Nobody may use an address after {@link #close}.
 */
final class Vectors implements AutoCloseable {
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final int count;
  private final int dimension;

  Vectors(int count, int dimension) {
    this.count = count;
    this.dimension = dimension;
    memory = arena.allocate((long) count * dimension * Float.BYTES, 64);
  }

  int count() {
    return count;
  }

  int dimension() {
    return dimension;
  }

  /** {@return all rows, as they are written to a file} */
  MemorySegment memory() {
    return memory;
  }

  /** {@return where a row begins} */
  long address(int row) {
    Objects.checkIndex(row, count);
    return memory.address() + (long) row * dimension * Float.BYTES;
  }

  /** {@return a copy of a row} */
  float[] row(int row) {
    float[] vector = new float[dimension];
    MemorySegment.copy(memory, FLOAT, offset(row), vector, 0, dimension);
    return vector;
  }

  /** {@return copies of all rows} */
  float[][] rows() {
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = row(i);
    }
    return rows;
  }

  /**
   * Sets a row to a vector scaled to length 1.
   *
   * @throws IllegalArgumentException if a component is not finite or all are zero
   */
  void set(int row, float[] vector) {
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new IllegalArgumentException("component " + i + " is " + vector[i]);
      }
      squares += (double) vector[i] * vector[i];
    }
    if (squares == 0) {
      throw new IllegalArgumentException("all components are zero");
    }
    double scale = 1 / Math.sqrt(squares);
    for (int i = 0; i < dimension; i++) {
      memory.set(FLOAT, offset(row) + (long) i * Float.BYTES, (float) (vector[i] * scale));
    }
  }

  /** Puts the rows into the order that a seed gives. Before others see the vectors. */
  void shuffle(long seed) {
    Random random = new Random(seed);
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      float[] moved = row(i);
      MemorySegment.copy(memory, offset(other), memory, offset(i), (long) dimension * Float.BYTES);
      MemorySegment.copy(moved, 0, memory, FLOAT, offset(other), dimension);
    }
  }

  private long offset(int row) {
    return (long) row * dimension * Float.BYTES;
  }

  @Override
  public void close() {
    arena.close();
  }
}
