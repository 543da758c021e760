package dev.askonce.engine;

import java.util.Objects;

/**
 * The best few entries of a vector search, best first: an object that the caller owns, hands to
 * {@link SemanticCache#nearest} and reads until its next use. Not thread-safe; one a thread.
 */
public final class Candidates {
  /** The most entries that a search returns. */
  public static final int COUNT_MAX = 8;

  private final float[] cosines = new float[COUNT_MAX];
  private final long[] epochs = new long[COUNT_MAX];
  private final long[] sequences = new long[COUNT_MAX];
  private int count;

  /** {@return how many entries reached the floor, at most {@link #COUNT_MAX}} */
  public int count() {
    return count;
  }

  /** {@return the exact raw cosine of the {@code rank}-th best entry, from 0} */
  public float cosine(int rank) {
    return cosines[Objects.checkIndex(rank, count)];
  }

  /** {@return the {@code rank}-th best entry, from 0} */
  public EntryId id(int rank) {
    Objects.checkIndex(rank, count);
    return new EntryId(epochs[rank], sequences[rank]);
  }

  /** Empties the object. For implementations of {@link SemanticCache}. */
  public void clear() {
    count = 0;
  }

  /** Adds an entry behind the ones it holds. For implementations of {@link SemanticCache}. */
  public void add(float cosine, long epoch, long sequence) {
    cosines[count] = cosine;
    epochs[count] = epoch;
    sequences[count] = sequence;
    count++;
  }
}
