package dev.askonce.bench.churn;

import dev.askonce.bench.data.VectorFile;
import dev.askonce.engine.EntryId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What is alive: the last entries put, in a ring outside of the heap. Written by one thread; read
 * while nobody writes.
 */
final class LiveEntries implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final int dimension;
  private final MemorySegment rows;
  private final long[] epochs;
  private final long[] sequences;
  private long put;

  LiveEntries(int count, int dimension) {
    this.dimension = dimension;
    rows = arena.allocate((long) count * dimension * Float.BYTES, Long.BYTES);
    epochs = new long[count];
    sequences = new long[count];
  }

  /** Puts an entry in the place of the oldest, which has expired. */
  void add(float[] vector, EntryId id) {
    int place = (int) (put++ % epochs.length);
    MemorySegment.copy(
        vector, 0, rows, VectorFile.FLOAT, (long) place * dimension * Float.BYTES, dimension);
    epochs[place] = id.epoch();
    sequences[place] = id.sequence();
  }

  /** {@return how many were put so far} */
  long putCount() {
    return put;
  }

  int count() {
    return (int) Math.min(put, epochs.length);
  }

  MemorySegment rows() {
    return rows;
  }

  float[] vector(int place) {
    float[] vector = new float[dimension];
    MemorySegment.copy(
        rows, VectorFile.FLOAT, (long) place * dimension * Float.BYTES, vector, 0, dimension);
    return vector;
  }

  boolean is(int place, EntryId id) {
    return epochs[place] == id.epoch() && sequences[place] == id.sequence();
  }

  @Override
  public void close() {
    arena.close();
  }
}
