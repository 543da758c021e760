package dev.askonce.engine.internal.policy;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Second chance: a hand goes round the slots, spares those used since it last passed and names the
 * first that was not (the CLOCK approximation of LRU, Corbató, 1968).
 *
 * <p>Threading: {@link #used} by any thread, without ordering: a lost mark costs an entry its
 * second chance. The rest under the writer's lock.
 */
public final class ClockEviction {
  private volatile byte[] marks = new byte[0];
  private int hand;

  /** Makes room for slots below {@code capacity}. */
  public void reserve(int capacity) {
    if (capacity > marks.length) {
      marks = Arrays.copyOf(marks, capacity);
    }
  }

  /** Marks a slot as used. */
  public void used(int slot) {
    byte[] current = marks;
    if (slot < current.length && current[slot] == 0) {
      current[slot] = 1;
    }
  }

  /** {@return a slot to evict, or -1 where none is live} */
  public int victim(IntPredicate live) {
    byte[] current = marks;
    for (int step = 0; step < 2 * current.length; step++) {
      int slot = hand;
      hand = slot + 1 == current.length ? 0 : slot + 1;
      if (live.test(slot)) {
        if (current[slot] == 0) {
          return slot;
        }
        current[slot] = 0;
      }
    }
    return -1;
  }
}
