package dev.askonce.engine.internal.base;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Says when no reader can still see something that was unlinked.
 *
 * <p>Threading: {@link #enter} and {@link #exit} by the one thread that holds reader {@code index};
 * {@link #advance} and {@link #passed} by any. Guarantee: if {@code passed(advance())} is true,
 * every reader that was inside when {@code advance} was called has left. Progress: readers never
 * wait; {@code passed} stays false while a reader stays inside.
 */
public final class Epochs {
  private static final long OUTSIDE = Long.MAX_VALUE;

  /** Readers' words lie a cache line apart, so that entering is not paid by the neighbours. */
  private static final int STRIDE = 8;

  private final AtomicLong current = new AtomicLong(1);
  private final AtomicLongArray readers;

  public Epochs(int readerCount) {
    readers = new AtomicLongArray(readerCount * STRIDE);
    for (int i = 0; i < readerCount; i++) {
      readers.set(i * STRIDE, OUTSIDE);
    }
  }

  public void enter(int index) {
    // A full fence: the word must be seen before anything this reader then reads.
    readers.set(index * STRIDE, current.get());
  }

  public void exit(int index) {
    readers.setRelease(index * STRIDE, OUTSIDE);
  }

  /** {@return the epoch that ends now; what was unlinked before belongs to it} */
  public long advance() {
    return current.getAndIncrement();
  }

  /** {@return whether all readers of {@code epoch} and before have left} */
  public boolean passed(long epoch) {
    for (int i = 0; i < readers.length(); i += STRIDE) {
      if (readers.get(i) <= epoch) {
        return false;
      }
    }
    return true;
  }
}
