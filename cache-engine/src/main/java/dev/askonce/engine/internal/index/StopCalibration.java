package dev.askonce.engine.internal.index;

import java.util.Arrays;
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
 * it if every visit counted. The width for a threshold is the narrowest that loses at most the
 * budget of the finds seen; there is none before {@link #SEARCHES_MIN}. A search counts once,
 * shared by its finds. What it would have lost of the shadowed lookups' finds is counted, and where
 * that exceeds the budget, beyond what chance allows, searches run in full until the width was
 * chosen anew, for half the budget from then on.
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

  static final int SEARCHES_MIN = 16_384;

  /** Counts are halved here, so that the width follows its data. */
  static final int SEARCHES_KEPT = 32_768;

  private static final int SHADOWS_KEPT = 16_384;
  private static final int FREEZES_MAX = 16;
  private static final int LEAST_PERCENT = 50;
  private static final int STEP_PERCENT = 5;
  private static final int THRESHOLDS = 10;
  private static final int CHOOSE_EVERY = 512;
  static final int WIDTH_MIN = 6;

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
    final double[] depths = new double[DEPTHS];
    int searches;
    int sinceChosen;
    long shadows;
    double shadowsLost;
    int freezes;
    volatile boolean ready;
    volatile boolean asked;
    volatile int width = UNKNOWN;

    Table(boolean anyEntry, int index) {
      aim = new Aim(anyEntry, (LEAST_PERCENT + index * STEP_PERCENT) / 100f);
    }

    /** Adds a search, which its finds share. */
    void add(TopCandidates found, int count) {
      for (int i = 0; i < count; i++) {
        // What was in the list is found at any width.
        depths[Math.clamp(found.depth(i), 0, DEPTHS - 1)] += 1.0 / count;
      }
      searches++;
      if (searches == SEARCHES_KEPT) {
        Arrays.setAll(depths, depth -> depths[depth] / 2);
        searches /= 2;
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

  /** {@return what lookups in full found, at thresholds that were calibrated} */
  public long shadowFinds() {
    return shadowFinds.get();
  }

  /** {@return how many of {@link #shadowFinds} the widths in force would have lost} */
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
    return index < 0 ? full : Math.min(full, table(anyEntry, index).width);
  }

  private Table table(boolean anyEntry, int index) {
    return (anyEntry ? any : best)[index];
  }

  /** The table of the thresholds from its own to the next; the last has all above. */
  private static int index(float threshold) {
    int steps = (int) Math.floor((threshold * 100 - LEAST_PERCENT) / STEP_PERCENT + 1e-3);
    return Math.min(steps, THRESHOLDS - 1);
  }

  /** Observes what a lookup found by a search in full. */
  void observe(TopCandidates found) {
    if (covers(found.target())) {
      Table table = table(found.isAny(), index(found.target()));
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
      Table table = table(at % 2 == 0, at / 2 % THRESHOLDS);
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
    for (int at = last; at >= own; at--) {
      Table table = table(found.isAny(), at);
      int count = countFrom(found, Math.max(found.target(), table.aim.threshold()));
      if (count == 0) {
        continue;
      }
      table.add(found, count);
      if (lookup) {
        judge(table, found, count, at == own);
      }
      if (++table.sinceChosen >= CHOOSE_EVERY && table.searches >= SEARCHES_MIN) {
        choose(table);
      }
    }
  }

  /** {@return how many of the candidates reach a cosine, if any was found in the graph, else 0} */
  private static int countFrom(TopCandidates found, float least) {
    int count = 0;
    boolean inGraph = false;
    for (; count < found.count() && found.cosine(count) >= least; count++) {
      inGraph |= found.depth(count) != TopCandidates.LISTED;
    }
    return inGraph ? count : 0;
  }

  private void judge(Table table, TopCandidates found, int count, boolean own) {
    if (table.width == UNKNOWN) {
      return;
    }
    int lost = 0;
    for (int i = 0; i < count; i++) {
      lost += found.depth(i) > table.width ? 1 : 0;
    }
    table.shadows++;
    table.shadowsLost += (double) lost / count;
    if (own) {
      shadowFinds.addAndGet(count);
      shadowLost.addAndGet(lost);
    }
    double expected = BUDGET * table.shadows;
    if (table.shadowsLost > 2 + expected + 3 * Math.sqrt(expected)) {
      // Frozen: in full until a width is chosen that knows these finds.
      table.width = UNKNOWN;
      table.freezes++;
      table.shadows = 0;
      table.shadowsLost = 0;
      table.sinceChosen = 0;
    } else if (table.shadows == SHADOWS_KEPT) {
      // Else what was right for long could be wrong for as long.
      table.shadows /= 2;
      table.shadowsLost /= 2;
    }
  }

  private static void choose(Table table) {
    table.sinceChosen = 0;
    table.ready = true;
    double allowed = table.searches * BUDGET / (1 << Math.min(table.freezes, FREEZES_MAX));
    int width = DEPTHS - 2;
    double lost = table.depths[DEPTHS - 1];
    for (; width > WIDTH_MIN && lost + table.depths[width] <= allowed; width--) {
      lost += table.depths[width];
    }
    table.width = lost <= allowed ? width : UNKNOWN;
  }
}
