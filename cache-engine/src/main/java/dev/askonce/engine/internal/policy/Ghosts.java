package dev.askonce.engine.internal.policy;

/**
 * How entries were used that had to leave, so that one that is put again does not start as unknown.
 * A table of fixed size without keys: a text is found by its bucket of four cells and nine bits of
 * its hash, so in a full table one unknown text in 128 is taken for a known one. Under the writer's
 * lock.
 *
 * <pre>
 *   31        23 22         17 16      14 13          0
 *   tag  9 bits | count 6 bits | kind 3 bits | tick 14 bits
 * </pre>
 *
 * The count has two fractional bits; a cell of 0 is empty.
 */
final class Ghosts {
  static final int NONE = 0;

  private static final int WAYS = 4;
  private static final int TAG_SHIFT = 23;
  private static final int COUNT_SHIFT = 17;
  private static final int COUNT_MAX = 63;

  /** What a count of a {@link UseWord} loses here. */
  private static final int COUNT_LOST_BITS = 8;

  private final int[] cells;
  private final int bucketMask;

  /**
   * @param count of ghosts, at least
   */
  Ghosts(int count) {
    int capacity = Integer.highestOneBit(Math.max(2 * WAYS, 2 * count - 1));
    cells = new int[capacity];
    bucketMask = capacity / WAYS - 1;
  }

  int capacity() {
    return cells.length;
  }

  /** {@return the use word in a cell, or {@link #NONE}; keeps its age from going round} */
  int look(int at, int now) {
    int cell = cells[at];
    if (cell == 0) {
      return NONE;
    }
    int word = UseWord.aged(word(cell), now);
    cells[at] = cell & -1 << UseWord.TICK_BITS | UseWord.tick(word);
    return word;
  }

  int kind(int at) {
    return cells[at] >>> UseWord.TICK_BITS & UseForecast.KINDS - 1;
  }

  private static int word(int cell) {
    return UseWord.word((cell >>> COUNT_SHIFT & COUNT_MAX) << COUNT_LOST_BITS, cell);
  }

  private static int tag(long hash) {
    return Math.max(1, (int) (hash >>> Long.SIZE - Integer.SIZE + TAG_SHIFT));
  }

  private int bucket(long hash) {
    return ((int) hash & bucketMask) * WAYS;
  }

  /** Remembers an entry that leaves, in place of the one of its bucket that was used least. */
  void add(long hash, int word, int kind, int now) {
    int bucket = bucket(hash);
    int tag = tag(hash);
    int place = bucket;
    int least = Integer.MAX_VALUE;
    for (int at = bucket; at < bucket + WAYS; at++) {
      int cell = cells[at];
      if (cell == 0 || cell >>> TAG_SHIFT == tag) {
        place = at;
        break;
      }
      int count = UseWord.countNow(word(cell), now);
      if (count < least) {
        place = at;
        least = count;
      }
    }
    int rounded = UseWord.count(word) + (1 << COUNT_LOST_BITS - 1) >> COUNT_LOST_BITS;
    int count = Math.clamp(rounded, 1, COUNT_MAX);
    cells[place] =
        tag << TAG_SHIFT | count << COUNT_SHIFT | kind << UseWord.TICK_BITS | UseWord.tick(word);
  }

  /** {@return how an entry was used, which is a ghost no longer, or {@link #NONE}} */
  int take(long hash) {
    int bucket = bucket(hash);
    int tag = tag(hash);
    for (int at = bucket; at < bucket + WAYS; at++) {
      int cell = cells[at];
      if (cell >>> TAG_SHIFT == tag) {
        cells[at] = 0;
        return word(cell);
      }
    }
    return NONE;
  }
}
