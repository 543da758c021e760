package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.CodeGroup;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.kernel.VectorCode;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.spi.Hash128;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A list of slots that is scanned from end to end: exact, and a removal is free. A short list is
 * scanned by its vectors; a longer one by its codes, and only what may reach the floor by its
 * vector. A scan goes to the end even where any entry would do: it costs little and finds the best.
 *
 * <p>Threading: {@link #add} and {@link #remove} under the writer's lock, {@link #search} by any
 * thread at any time. Guarantee: a search meets every slot that is in the list from its start to
 * its end.
 */
final class FlatIndex {
  /*
   * A removal moves the last slot into the gap. A search therefore runs from the end to the
   * beginning: a slot that is moved to a lower place is met there if it was not met before, perhaps
   * twice, never not at all. Slots are read with acquire: otherwise the processor or the compiler
   * might read them in another order. `size` is read before `slots` and `groups` and written after
   * them, so that the arrays a reader gets are long enough. A code is in its place before its slot
   * is.
   *
   * Codes are read a group at a time. Where a removal and an addition follow each other meanwhile,
   * a slot may have moved within the group, behind the reader's back: `removals` tells, and the
   * group is scanned again, by its vectors.
   */
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);

  private static final int CAPACITY_MIN = 8;

  /** A list of more slots has codes: below, making the query's planes costs more than it saves. */
  static final int CODED_FROM = 48;

  /** Shorter vectors are no longer than what their codes would take to read and to make. */
  static final int CODED_DIMENSION_MIN = 128;

  private final IndexSpace space;
  private final EntryTable table;
  private final Kernel kernel;
  private final SlotPositions positions;

  private volatile int[] slots = new int[CAPACITY_MIN];
  private volatile long[] groups = new long[0];
  private volatile int size;
  private volatile int removals;
  private VectorCode code;

  FlatIndex(IndexSpace space) {
    this.space = space;
    table = space.table;
    kernel = space.kernel;
    positions = space.positions;
  }

  int size() {
    return size;
  }

  void add(int slot) {
    int end = size;
    int[] current = slots;
    if (end == current.length) {
      current = Arrays.copyOf(current, end + (end >> 1));
    }
    if (end == CODED_FROM && groups.length == 0 && table.dimension() >= CODED_DIMENSION_MIN) {
      encodeAll(current, end);
    }
    if (groups.length > 0) {
      encode(slot, end);
    }
    current[end] = slot;
    slots = current;
    positions.set(slot, end);
    size = end + 1;
  }

  private void encodeAll(int[] current, int end) {
    code = new VectorCode(table.dimension());
    long[] made = new long[end / CodeGroup.LANES + 1];
    for (int i = 0; i < made.length; i++) {
      made[i] = space.groups.take();
    }
    for (int i = 0; i < end; i++) {
      put(current[i], made[i / CodeGroup.LANES], i % CodeGroup.LANES);
    }
    groups = made;
  }

  private void encode(int slot, int place) {
    int group = place / CodeGroup.LANES;
    long[] current = groups;
    if (group == current.length) {
      current = Arrays.copyOf(current, group + 1);
      current[group] = space.groups.take();
      groups = current;
    }
    put(slot, current[group], place % CodeGroup.LANES);
  }

  private void put(int slot, long group, int lane) {
    space.encoder.encode(table.vectorAddress(slot), code);
    CodeGroup.put(group, lane, code);
  }

  /** Removes a slot. {@return whether it was in the list} */
  boolean remove(int slot) {
    if (!contains(slot)) {
      return false;
    }
    int at = positions.of(slot);
    int end = size - 1;
    int[] current = slots;
    int moved = current[end];
    if (groups.length > 0) {
      CodeGroup.copy(
          groups[end / CodeGroup.LANES],
          end % CodeGroup.LANES,
          groups[at / CodeGroup.LANES],
          at % CodeGroup.LANES,
          space.words);
    }
    current[at] = moved;
    positions.set(moved, at);
    positions.set(slot, SlotPositions.NONE);
    removals++;
    size = end;
    giveBackUnused(end);
    return true;
  }

  /** Keeps one spare group, so that a list at the edge does not take and give in turn. */
  private void giveBackUnused(int end) {
    int used = end / CodeGroup.LANES + 1;
    if (groups.length > used + 1 && end > CODED_FROM) {
      space.groups.giveBack(groups[groups.length - 1]);
      groups = Arrays.copyOf(groups, groups.length - 1);
    }
  }

  boolean contains(int slot) {
    int at = positions.of(slot);
    return at >= 0 && at < size && slots[at] == slot;
  }

  int slotAt(int index) {
    return slots[index];
  }

  /** Gives back what is held beside the heap; the list is empty and not used again. */
  void release() {
    for (long group : groups) {
      space.groups.giveBack(group);
    }
    groups = new long[0];
  }

  /** Offers every servable slot that reaches the floor to the scratch's candidates. */
  void search(Hash128 scope, long nowMillis, SearchScratch scratch) {
    int end = size;
    long[] coded = groups;
    int[] current = slots;
    if (end > coded.length * CodeGroup.LANES || end <= CODED_FROM / 2) {
      scanVectors(current, 0, end, scope, nowMillis, scratch);
    } else {
      scanCodes(coded, end, scope, nowMillis, scratch);
    }
  }

  private void scanVectors(
      int[] current, int start, int end, Hash128 scope, long nowMillis, SearchScratch scratch) {
    float[] query = scratch.query();
    float[] dots = scratch.dots;
    TopCandidates top = scratch.top();
    int i = end - 1;
    for (; i >= start + 3; i -= 4) {
      int a = (int) SLOT.getAcquire(current, i);
      int b = (int) SLOT.getAcquire(current, i - 1);
      int c = (int) SLOT.getAcquire(current, i - 2);
      int d = (int) SLOT.getAcquire(current, i - 3);
      kernel.dot4(
          query,
          table.vectorAddress(a),
          table.vectorAddress(b),
          table.vectorAddress(c),
          table.vectorAddress(d),
          dots);
      offer(scope, nowMillis, a, dots[0], top);
      offer(scope, nowMillis, b, dots[1], top);
      offer(scope, nowMillis, c, dots[2], top);
      offer(scope, nowMillis, d, dots[3], top);
    }
    for (; i >= start; i--) {
      int slot = (int) SLOT.getAcquire(current, i);
      offer(scope, nowMillis, slot, kernel.dot(query, table.vectorAddress(slot)), top);
    }
  }

  private void scanCodes(
      long[] coded, int end, Hash128 scope, long nowMillis, SearchScratch scratch) {
    scratch.prepare();
    int groupEnd = end;
    for (int group = (end - 1) / CodeGroup.LANES; group >= 0; group--) {
      int start = group * CodeGroup.LANES;
      int before = removals;
      scanGroup(coded[group], slots, start, groupEnd, scope, nowMillis, scratch);
      VarHandle.acquireFence();
      if (removals != before) {
        scanVectors(slots, start, groupEnd, scope, nowMillis, scratch);
      }
      groupEnd = start;
    }
  }

  private void scanGroup(
      long codes,
      int[] current,
      int start,
      int end,
      Hash128 scope,
      long nowMillis,
      SearchScratch scratch) {
    TopCandidates top = scratch.top();
    float need = top.need();
    float cut = scratch.cut(need);
    kernel.estimate(codes, scratch.planes, scratch.estimates);
    int mask = kernel.reaching(scratch.estimates, cut);
    mask &= CodeGroup.lanes(end - start);
    // Downwards, see above.
    while (mask != 0) {
      int lane = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(mask);
      mask &= ~(1 << lane);
      if (scratch.estimates[lane] < cut) {
        continue;
      }
      int slot = current[start + lane];
      float cosine = kernel.dot(scratch.query(), table.vectorAddress(slot));
      offer(scope, nowMillis, slot, cosine, top);
      if (top.need() != need) {
        need = top.need();
        cut = scratch.cut(need);
      }
    }
  }

  private void offer(Hash128 scope, long nowMillis, int slot, float cosine, TopCandidates top) {
    if (top.wants(cosine) && table.isServable(slot, scope, nowMillis)) {
      top.offer(slot, cosine, TopCandidates.LISTED);
    }
  }
}
