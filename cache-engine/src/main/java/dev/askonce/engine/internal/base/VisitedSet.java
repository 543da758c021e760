package dev.askonce.engine.internal.base;

import java.util.Arrays;

/**
 * Marks on small integers, forgotten all at once. One byte a mark holds the number of the search
 * that set it, so that forgetting is one increment, 254 times of 255.
 *
 * <p>Not thread-safe; owned by one search context.
 */
public final class VisitedSet {
  private static final int ROUND_MAX = 255;

  private byte[] marks = new byte[0];
  private int round;

  /** Forgets all marks and makes room for those below {@code limit}. */
  public void clear(int limit) {
    if (limit > marks.length) {
      marks = new byte[Math.max(limit, marks.length + (marks.length >> 1))];
      round = 0;
    }
    if (++round > ROUND_MAX) {
      Arrays.fill(marks, (byte) 0);
      round = 1;
    }
  }

  /**
   * Marks {@code index}. {@return whether it had no mark} An index for which there is no room is
   * left out, as if it had one: a slot that was added after the search began.
   */
  public boolean add(int index) {
    byte mark = (byte) round;
    if (index >= marks.length || marks[index] == mark) {
      return false;
    }
    marks[index] = mark;
    return true;
  }
}
