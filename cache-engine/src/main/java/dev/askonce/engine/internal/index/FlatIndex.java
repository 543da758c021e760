package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.spi.Hash128;
import java.util.Arrays;

/**
 * A list of slots that is scanned from end to end: exact, and a removal is free.
 *
 * <p>Threading: {@link #add} and {@link #remove} under the writer's lock, {@link #search} by any
 * thread at any time. Guarantee: a search sees every slot that is in the list from its start to its
 * end.
 */
public final class FlatIndex {
  /*
   * A removal moves the last slot into the gap. A search therefore runs from the end to the
   * beginning: a slot that is moved to a lower place is met there if it was not met before, perhaps
   * twice, never not at all. `size` is read before `slots` and written after it, so that the array
   * a reader gets is long enough.
   */
  private static final int CAPACITY_MIN = 8;

  private final EntryTable table;
  private final Kernel kernel;
  private final SlotPositions positions;

  private volatile int[] slots = new int[CAPACITY_MIN];
  private volatile int size;

  public FlatIndex(EntryTable table, Kernel kernel, SlotPositions positions) {
    this.table = table;
    this.kernel = kernel;
    this.positions = positions;
  }

  public int size() {
    return size;
  }

  public void add(int slot) {
    int end = size;
    int[] current = slots;
    if (end == current.length) {
      current = Arrays.copyOf(current, end + (end >> 1));
      current[end] = slot;
      slots = current;
    } else {
      current[end] = slot;
    }
    positions.set(slot, end);
    size = end + 1;
  }

  /** Removes a slot. {@return whether it was in the list} */
  public boolean remove(int slot) {
    int at = positions.of(slot);
    int end = size - 1;
    int[] current = slots;
    if (at < 0 || at > end || current[at] != slot) {
      return false;
    }
    int moved = current[end];
    current[at] = moved;
    positions.set(moved, at);
    positions.set(slot, SlotPositions.NONE);
    size = end;
    return true;
  }

  /** {@return the slot added last of those in the list; the list is not empty} */
  int last() {
    return slots[size - 1];
  }

  boolean contains(int slot) {
    int at = positions.of(slot);
    return at >= 0 && at < size && slots[at] == slot;
  }

  int slotAt(int index) {
    return slots[index];
  }

  /** Offers every servable slot that reaches the floor to the scratch's candidates. */
  void search(Hash128 scope, long nowMillis, SearchScratch scratch) {
    int end = size;
    int[] current = slots;
    float[] query = scratch.query();
    float[] dots = scratch.dots;
    int i = end - 1;
    for (; i >= 3; i -= 4) {
      int a = current[i];
      int b = current[i - 1];
      int c = current[i - 2];
      int d = current[i - 3];
      kernel.dot4(
          query,
          table.vectorAddress(a),
          table.vectorAddress(b),
          table.vectorAddress(c),
          table.vectorAddress(d),
          dots);
      offer(scope, nowMillis, a, dots[0], scratch.top());
      offer(scope, nowMillis, b, dots[1], scratch.top());
      offer(scope, nowMillis, c, dots[2], scratch.top());
      offer(scope, nowMillis, d, dots[3], scratch.top());
    }
    for (; i >= 0; i--) {
      int slot = current[i];
      offer(scope, nowMillis, slot, kernel.dot(query, table.vectorAddress(slot)), scratch.top());
    }
  }

  private void offer(Hash128 scope, long nowMillis, int slot, float cosine, TopCandidates top) {
    if (top.wants(cosine) && table.isServable(slot, scope, nowMillis)) {
      top.offer(slot, cosine);
    }
  }
}
