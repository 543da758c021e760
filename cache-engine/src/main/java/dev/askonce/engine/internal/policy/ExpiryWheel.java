package dev.askonce.engine.internal.policy;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Says when entries are over, to within {@link #TICK_MILLIS}: a hashed timer wheel after Varghese
 * and Lauck (1987), one timer a slot. It only proposes: an entry that was removed earlier keeps its
 * timer until its slot is used again, so the caller looks at the entry before removing it. Under
 * the writer's lock.
 */
public final class ExpiryWheel {
  /*
   * A bucket is a list that runs through arrays indexed by slot: 16 bytes a slot, however many
   * entries share a tick or were replaced before their time. Agrona's DeadlineTimerWheel gives all
   * buckets the room of the fullest: 300,000 entries of one second would take 17 GB.
   */

  /** How late an entry may be proposed. No lookup is answered with it meanwhile. */
  public static final long TICK_MILLIS = 1024;

  private static final int TICK_SHIFT = Long.numberOfTrailingZeros(TICK_MILLIS);
  private static final int BUCKETS = 4096;
  private static final int NONE = -1;
  private static final long NOT_SCHEDULED = Long.MIN_VALUE;

  private final int[] heads = new int[BUCKETS];
  private int[] next = new int[0];
  private int[] previous = new int[0];
  private long[] ticks = new long[0];
  private long size;

  /** The tick whose bucket is walked next, or is being walked: then {@link #cursor} goes on. */
  private long tick;

  private boolean walking;
  private int cursor = NONE;

  public ExpiryWheel(long nowMillis) {
    tick = nowMillis >> TICK_SHIFT;
    Arrays.fill(heads, NONE);
  }

  /** Sets the time of a slot, in place of an earlier one. */
  public void schedule(int slot, long expiresMillis) {
    reserve(slot);
    if (ticks[slot] != NOT_SCHEDULED) {
      unlink(slot);
    }
    // The head of a bucket that is being walked lies behind the cursor.
    ticks[slot] = Math.max(expiresMillis >> TICK_SHIFT, walking ? tick + 1 : tick);
    int bucket = bucket(ticks[slot]);
    int first = heads[bucket];
    next[slot] = first;
    previous[slot] = NONE;
    if (first != NONE) {
      previous[first] = slot;
    }
    heads[bucket] = slot;
    size++;
  }

  private void reserve(int slot) {
    int known = ticks.length;
    if (slot >= known) {
      int capacity = Math.max(slot + 1, known + (known >> 1));
      next = Arrays.copyOf(next, capacity);
      previous = Arrays.copyOf(previous, capacity);
      ticks = Arrays.copyOf(ticks, capacity);
      Arrays.fill(ticks, known, capacity, NOT_SCHEDULED);
    }
  }

  private static int bucket(long tick) {
    return (int) tick & (BUCKETS - 1);
  }

  private void unlink(int slot) {
    int before = previous[slot];
    int after = next[slot];
    if (before == NONE) {
      heads[bucket(ticks[slot])] = after;
    } else {
      next[before] = after;
    }
    if (after != NONE) {
      previous[after] = before;
    }
    if (cursor == slot) {
      cursor = after;
    }
    ticks[slot] = NOT_SCHEDULED;
    size--;
  }

  /** {@return the number of timers, those of entries already gone included} */
  public long size() {
    return size;
  }

  /**
   * Hands over slots whose time came.
   *
   * @param slotsMax at most this many timers are looked at
   * @return whether there may be more at once
   */
  public boolean poll(long nowMillis, int slotsMax, IntConsumer due) {
    long end = nowMillis >> TICK_SHIFT;
    if (end - tick > BUCKETS) {
      // The clock jumped: one turn looks at every timer.
      tick = end - BUCKETS;
      walking = false;
      cursor = NONE;
    }
    int left = slotsMax;
    for (; tick < end; tick++) {
      if (!walking) {
        walking = true;
        cursor = heads[bucket(tick)];
      }
      for (; cursor != NONE; left--) {
        if (left == 0) {
          return true;
        }
        int slot = cursor;
        cursor = next[slot];
        if (ticks[slot] <= tick) {
          unlink(slot);
          due.accept(slot);
        }
      }
      walking = false;
    }
    return false;
  }
}
