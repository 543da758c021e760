package dev.askonce.engine.internal.base;

/**
 * A binary heap of longs, least first, of bounded size. Search packs a score and a slot into each
 * long with {@link #pack}, so that the order of the longs is the order of the scores.
 *
 * <p>Not thread-safe; owned by one search context.
 */
public final class LongHeap {
  private final long[] items;
  private int size;

  public LongHeap(int capacity) {
    items = new long[capacity + 1];
  }

  /** {@return score and slot as one long that sorts by score, then slot} */
  public static long pack(float score, int slot) {
    int bits = Float.floatToRawIntBits(score);
    int sortable = bits ^ ((bits >> 31) & 0x7FFFFFFF);
    return ((long) sortable << 32) | (slot & 0xFFFFFFFFL);
  }

  public static float score(long packed) {
    int sortable = (int) (packed >> 32);
    return Float.intBitsToFloat(sortable ^ ((sortable >> 31) & 0x7FFFFFFF));
  }

  public static int slot(long packed) {
    return (int) packed;
  }

  public int size() {
    return size;
  }

  public boolean isFull() {
    return size == items.length - 1;
  }

  public void clear() {
    size = 0;
  }

  /** {@return the least item; the heap is not empty} */
  public long top() {
    assert size > 0;
    return items[1];
  }

  /** Adds an item; the heap is not full. */
  public void push(long item) {
    assert !isFull() : "capacity " + (items.length - 1);
    int child = ++size;
    while (child > 1 && item < items[child >>> 1]) {
      items[child] = items[child >>> 1];
      child >>>= 1;
    }
    items[child] = item;
  }

  /** Adds an item; where the heap is full, the least of all is dropped. */
  public void pushBounded(long item) {
    if (!isFull()) {
      push(item);
    } else if (item > items[1]) {
      siftDown(item);
    }
  }

  /** {@return the least item, removed; the heap is not empty} */
  public long pop() {
    assert size > 0;
    long least = items[1];
    long last = items[size--];
    if (size > 0) {
      siftDown(last);
    }
    return least;
  }

  private void siftDown(long item) {
    int parent = 1;
    for (int child = 2; child <= size; child = parent << 1) {
      if (child < size && items[child + 1] < items[child]) {
        child++;
      }
      if (item <= items[child]) {
        break;
      }
      items[parent] = items[child];
      parent = child;
    }
    items[parent] = item;
  }
}
