package dev.askonce.engine.internal.index;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Learns how early searches may stop without losing hits, from searches that do not stop early:
 * lookups, all until it is calibrated, then one in {@link #SHADOW_EVERY}; and <i>rehearsals</i>,
 * the store's own searches for entries from somewhere near. Pooled over all scopes of a store,
 * which have one embedder.
 *
 * <p>A search stops as soon as the node that it would visit next is worse than a number of nodes
 * that it has visited, its width. A find's <i>depth</i> is the least width that would not have lost
 * it. The width for a threshold is the narrowest that loses at most the budget of the finds seen;
 * there is none before {@link #FINDS_MIN}. A search counts once, by the deepest of its finds. What
 * it would have lost of the shadowed lookups' finds is counted, and where that exceeds the budget,
 * beyond what chance allows, searches run in full until the width was chosen anew, for half the
 * budget from then on.
 *
 * <p>New entries' searches for their neighbours would teach it more and sooner, but another thing:
 * a stored question is no sample of those that are asked, and on clustered data a width made from
 * them lost 5% of the lookups by an entry's own vector.
 *
 * <p>Threading: by any thread; {@link #width} takes no lock, and a lookup's observation that would
 * wait for another is dropped.
 */
public final class StopCalibration {
  /** One lookup in this many runs in full. */
  static final int SHADOW_EVERY = 128;

  /** Largest share of hits that early stops may lose. */
  static final double BUDGET = 0.001;

  static final int FINDS_MIN = 16_384;

  /** Counts are halved here, so that the width follows its data. */
  static final int FINDS_KEPT = 32_768;

  private static final int SHADOWS_KEPT = 16_384;
  private static final int LEAST_PERCENT = 50;
  private static final int STEP_PERCENT = 5;
  private static final int THRESHOLDS = 10;
  private static final int CHOOSE_EVERY = 512;
  private static final int WIDTH_MIN = 6;

  /** Depths from here on are counted as one: nothing says what is wide enough for them. */
  private static final int DEPTHS = 512;

  private static final int UNKNOWN = Integer.MAX_VALUE;

  private final ReentrantLock lock = new ReentrantLock();
  private final Table[] any = tables(true);
  private final Table[] best = tables(false);
  private final AtomicLong shadowFinds = new AtomicLong();
  private final AtomicLong shadowLost = new AtomicLong();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile int full;

  /** What was found at and above one threshold. All but the volatile fields under the lock. */
  private static final class Table {
    final Aim aim;
    final int[] depths = new int[DEPTHS];
    int sinceChosen;
    long shadowFinds;
    long shadowLost;
    int freezes;
    volatile boolean ready;
    volatile int finds;
    volatile boolean asked;
    volatile int width = UNKNOWN;

    Table(boolean anyEntry, int index) {
      aim = new Aim(anyEntry, (LEAST_PERCENT + index * STEP_PERCENT) / 100f);
    }

    void add(int depth) {
      depths[Math.min(depth, DEPTHS - 1)]++;
      finds++;
      if (finds == FINDS_KEPT) {
        int left = 0;
        for (int i = 0; i < DEPTHS; i++) {
          depths[i] /= 2;
          left += depths[i];
        }
        finds = left;
        freezes = Math.max(0, freezes - 1);
      }
    }
  }

  /**
   * What searches are for.
   *
   * @param anyEntry any entry that reaches the threshold, or the best that do
   */
  public record Aim(boolean anyEntry, float threshold) {}

  public StopCalibration(int beam) {
    full = beam;
  }

  private static Table[] tables(boolean anyEntry) {
    Table[] tables = new Table[THRESHOLDS];
    for (int i = 0; i < THRESHOLDS; i++) {
      tables[i] = new Table(anyEntry, i);
    }
    return tables;
  }

  /** Sets the width of searches that do not stop early, and of all that are not calibrated. */
  public void beam(int width) {
    full = width;
  }

  int full() {
    return full;
  }

  /** {@return lookups in full that found something, at thresholds that were calibrated} */
  public long shadowFinds() {
    return shadowFinds.get();
  }

  /** {@return of how many {@link #shadowFinds} the widths in force would have lost some} */
  public long shadowLost() {
    return shadowLost.get();
  }

  /** {@return whether searches at a threshold stop early now} */
  public boolean isCalibrated(boolean anyEntry, float threshold) {
    return width(anyEntry, threshold) < full;
  }

  /** {@return whether there can be a width for a threshold} Below, nearly all is found. */
  static boolean covers(float threshold) {
    return threshold * 100 >= LEAST_PERCENT;
  }

  /** {@return the width for a threshold, or the full search's} */
  int width(boolean anyEntry, float threshold) {
    int index = index(threshold);
    return index < 0 ? full : Math.min(full, (anyEntry ? any : best)[index].width);
  }

  /** The table of the thresholds from its own to the next; the last has all above. */
  private static int index(float threshold) {
    int steps = (int) Math.floor((threshold * 100 - LEAST_PERCENT) / STEP_PERCENT + 1e-3);
    return Math.min(steps, THRESHOLDS - 1);
  }

  /** Observes what a lookup found by a search in full. */
  void observe(TopCandidates found) {
    if (covers(found.target())) {
      Table table = (found.isAny() ? any : best)[index(found.target())];
      if (!table.asked) {
        table.asked = true;
      }
    }
    if (found.count() == 0 || !lock.tryLock()) {
      return;
    }
    try {
      learn(found, true);
    } finally {
      lock.unlock();
    }
  }

  /** Observes what a rehearsal found. */
  void observeRehearsal(TopCandidates found) {
    lock.lock();
    try {
      learn(found, false);
    } finally {
      lock.unlock();
    }
  }

  /**
   * {@return whose turn it is of what lookups were for, to be rehearsed, or null where there was
   * none yet}
   *
   * @param onlyNew of those that there were not enough finds for so far
   */
  public Aim nextAim(boolean onlyNew) {
    for (int i = 0; i < 2 * THRESHOLDS; i++) {
      int at = turn.getAndIncrement() & Integer.MAX_VALUE;
      Table table = (at % 2 == 0 ? any : best)[at / 2 % THRESHOLDS];
      if (table.asked && !(onlyNew && table.ready)) {
        return table.aim;
      }
    }
    return null;
  }

  private void learn(TopCandidates found, boolean lookup) {
    // What it was not to find is not known, so tables of lower thresholds learn nothing; nor do
    // those of higher ones where any entry was enough: it was no search for theirs.
    int own = Math.max(0, index(found.target()));
    int last = found.isAny() ? own : index(found.cosine(0));
    int depth = TopCandidates.LISTED;
    int next = 0;
    for (int at = last; at >= own; at--) {
      // One find a search, the deepest: those of one neighbourhood are met together.
      Table table = (found.isAny() ? any : best)[at];
      float least = Math.max(found.target(), table.aim.threshold());
      for (; next < found.count() && found.cosine(next) >= least; next++) {
        depth = Math.max(depth, found.depth(next));
      }
      if (depth != TopCandidates.LISTED) {
        table.add(depth);
        if (lookup) {
          judge(table, depth, at == own);
        }
        if (++table.sinceChosen >= CHOOSE_EVERY && table.finds >= FINDS_MIN) {
          choose(table);
        }
      }
    }
  }

  private void judge(Table table, int depth, boolean own) {
    if (table.width == UNKNOWN) {
      return;
    }
    boolean lost = depth > table.width;
    table.shadowFinds++;
    table.shadowLost += lost ? 1 : 0;
    if (own) {
      shadowFinds.incrementAndGet();
      shadowLost.addAndGet(lost ? 1 : 0);
    }
    double expected = BUDGET * table.shadowFinds;
    if (table.shadowLost > 2 + expected + 3 * Math.sqrt(expected)) {
      // Frozen: in full until a width is chosen that knows these finds.
      table.width = UNKNOWN;
      table.freezes++;
      table.shadowFinds = 0;
      table.shadowLost = 0;
      table.sinceChosen = 0;
    } else if (table.shadowFinds == SHADOWS_KEPT) {
      // Else what was right for long could be wrong for as long.
      table.shadowFinds /= 2;
      table.shadowLost /= 2;
    }
  }

  private static void choose(Table table) {
    table.sinceChosen = 0;
    table.ready = true;
    int allowed = (int) (table.finds * BUDGET) >> Math.min(table.freezes, Integer.SIZE - 1);
    int width = DEPTHS - 2;
    int lost = table.depths[DEPTHS - 1];
    for (; width > WIDTH_MIN && lost + table.depths[width] <= allowed; width--) {
      lost += table.depths[width];
    }
    table.width = lost <= allowed ? width : UNKNOWN;
  }
}
