package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Finds the slot of a scope and text: an open-addressed table of slot numbers, whose keys are the
 * text hashes in the slots' own records.
 *
 * <p>Threading: {@link #find} by any thread inside the readers' epoch; the rest under the writer's
 * lock. A reader may meet a slot that is being removed: its record does not verify then.
 */
final class ExactTable {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int CAPACITY_MIN = 64;
  private static final int EMPTY = -1;
  private static final int REMOVED = -2;
  static final int ABSENT = -1;

  private final EntryTable table;

  private volatile int[] cells = newCells(CAPACITY_MIN);
  private int size;
  private int occupied;

  ExactTable(EntryTable table) {
    this.table = table;
  }

  private static int[] newCells(int capacity) {
    int[] cells = new int[capacity];
    Arrays.fill(cells, EMPTY);
    return cells;
  }

  /** {@return the live slot of a text, whose record is then in {@code record}, or -1} */
  int find(Hash128 text, SlotRecord record) {
    int[] current = cells;
    int mask = current.length - 1;
    for (int at = (int) text.low() & mask; ; at = (at + 1) & mask) {
      int slot = (int) CELL.getAcquire(current, at);
      if (slot == EMPTY) {
        return ABSENT;
      }
      if (slot >= 0 && record.load(slot) && record.isText(text)) {
        return slot;
      }
    }
  }

  /** Adds a slot whose text is in no other cell. */
  void add(Hash128 text, int slot) {
    if (2 * (occupied + 1) > cells.length) {
      rebuild();
    }
    int[] current = cells;
    int mask = current.length - 1;
    int at = (int) text.low() & mask;
    while (current[at] >= 0) {
      at = (at + 1) & mask;
    }
    occupied += current[at] == EMPTY ? 1 : 0;
    size++;
    CELL.setRelease(current, at, slot);
  }

  /** Removes a slot. {@return whether it was there} */
  boolean remove(Hash128 text, int slot) {
    int[] current = cells;
    int mask = current.length - 1;
    for (int at = (int) text.low() & mask; current[at] != EMPTY; at = (at + 1) & mask) {
      if (current[at] == slot) {
        CELL.setRelease(current, at, REMOVED);
        size--;
        return true;
      }
    }
    return false;
  }

  /** Removes a slot whose record no longer says under which text: looks at every cell. */
  void removeDamaged(int slot) {
    int[] current = cells;
    for (int at = 0; at < current.length; at++) {
      if (current[at] == slot) {
        CELL.setRelease(current, at, REMOVED);
        size--;
      }
    }
  }

  int size() {
    return size;
  }

  /** Drops the marks of removals, at twice the size where the table is half full of slots. */
  private void rebuild() {
    int[] old = cells;
    int[] next = newCells(4 * (size + 1) > old.length ? 2 * old.length : old.length);
    int mask = next.length - 1;
    for (int slot : old) {
      if (slot >= 0) {
        int at = (int) table.textLow(slot) & mask;
        while (next[at] != EMPTY) {
          at = (at + 1) & mask;
        }
        next[at] = slot;
      }
    }
    occupied = size;
    cells = next;
  }
}
