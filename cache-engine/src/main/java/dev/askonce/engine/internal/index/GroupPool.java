package dev.askonce.engine.internal.index;

import java.lang.foreign.Arena;
import org.agrona.collections.LongArrayList;

/**
 * Off-heap memory for code groups, outside of the store's files: made anew at each opening. Memory
 * that was given back stays readable, so a reader that is late reads codes of others, of which it
 * then finds no entry.
 *
 * <p>Threading: by any thread.
 */
final class GroupPool implements AutoCloseable {
  private static final int GROUPS_AT_ONCE = 64;
  private static final int ALIGNMENT = 128;

  private final int groupBytes;
  private final Arena arena = Arena.ofShared();
  private final LongArrayList free = new LongArrayList();
  private long bytes;

  GroupPool(int groupBytes) {
    this.groupBytes = groupBytes;
  }

  /** {@return the address of a group of any content} */
  synchronized long take() {
    if (free.isEmpty()) {
      bytes += (long) groupBytes * GROUPS_AT_ONCE;
      long block = arena.allocate((long) groupBytes * GROUPS_AT_ONCE, ALIGNMENT).address();
      for (int i = GROUPS_AT_ONCE - 1; i >= 0; i--) {
        free.addLong(block + (long) i * groupBytes);
      }
    }
    return free.removeAt(free.size() - 1);
  }

  /** {@return bytes of memory taken, free groups included} */
  synchronized long bytes() {
    return bytes;
  }

  synchronized void giveBack(long group) {
    free.addLong(group);
  }

  @Override
  public void close() {
    arena.close();
  }
}
