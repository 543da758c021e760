package dev.askonce.engine.internal.index;

import java.util.Arrays;

/**
 * The place of each slot in the one {@link FlatIndex} that lists it. Under the writer's lock only.
 */
public final class SlotPositions {
  static final int NONE = -1;

  private int[] positions = new int[0];

  int of(int slot) {
    return slot < positions.length ? positions[slot] : NONE;
  }

  void set(int slot, int position) {
    if (slot >= positions.length) {
      int known = positions.length;
      positions = Arrays.copyOf(positions, Math.max(slot + 1, known + (known >> 1)));
      Arrays.fill(positions, known, positions.length, NONE);
    }
    positions[slot] = position;
  }
}
