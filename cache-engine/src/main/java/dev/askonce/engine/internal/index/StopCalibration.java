package dev.askonce.engine.internal.index;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Learns how early searches may stop without losing hits, from lookups that do not stop early: all
 * until there is a rule, then one in {@link #SHADOW_EVERY}. Pooled over all scopes of a store,
 * which have one embedder.
 *
 * <p>A find's <i>ranks</i> say, for each step of the best estimate, how far down its visits the
 * search had gone when it met the find: a narrower rule would have lost it. The rule for a
 * threshold is the narrowest that would have lost at most the budget of all finds, and some room.
 * There is no rule before {@link #FINDS_MIN} finds. What the rule in force would have lost of the
 * shadowed lookups' finds is counted, and where that exceeds the budget, beyond what chance allows,
 * searches run in full until the rule was made anew.
 *
 * <p>New entries' searches for their neighbours would teach it more and sooner, but another thing:
 * a stored question is no sample of those that are asked, and on clustered data a rule made from
 * them lost 5% of the lookups by an entry's own vector.
 *
 * <p>Threading: by any thread; {@link #rule} takes no lock, and an observation that would wait for
 * another is dropped.
 */
public final class StopCalibration {
  /** One lookup in this many runs in full. */
  static final int SHADOW_EVERY = 128;

  /** Largest share of hits that early stops may lose. */
  static final double BUDGET = 0.001;

  static final int FINDS_MIN = 2_000;

  private static final int WIDTH_MIN = 6;
  private static final int PASSED_MIN = 100;

  /** The finds to come are not those that were seen: added to the width, beside an eighth of it. */
  private static final int ROOM = 1;

  private static final int LEAST_PERCENT = 50;
  private static final int STEP_PERCENT = 5;
  private static final int THRESHOLDS = 10;
  private static final int RANKS = 256;
  private static final int RENEW_EVERY = 512;

  /** Counts are halved here, so that the rule follows its data. */
  private static final int FINDS_KEPT = 1 << 15;

  private final ReentrantLock lock = new ReentrantLock();
  private final Table[] any = tables();
  private final Table[] best = tables();
  private final AtomicLong shadowFinds = new AtomicLong();
  private final AtomicLong shadowLost = new AtomicLong();
  private volatile StopRule full;

  /** What was found at and above one threshold. */
  private static final class Table {
    final int[][] counts = new int[StopRule.STEPS][RANKS];
    int finds;
    int sinceRenewed;
    long shadowFinds;
    long shadowLost;
    volatile StopRule rule;
  }

  public StopCalibration(int beam) {
    full = StopRule.full(beam);
  }

  private static Table[] tables() {
    Table[] tables = new Table[THRESHOLDS];
    for (int i = 0; i < THRESHOLDS; i++) {
      tables[i] = new Table();
    }
    return tables;
  }

  /** Sets the width of searches that do not stop early, and of all that are not calibrated. */
  public void beam(int width) {
    full = StopRule.full(width);
  }

  StopRule full() {
    return full;
  }

  /** {@return lookups' finds that were made by searches in full} */
  public long shadowFinds() {
    return shadowFinds.get();
  }

  /** {@return how many of {@link #shadowFinds} the rules in force would have lost} */
  public long shadowLost() {
    return shadowLost.get();
  }

  /** {@return the rule for a threshold, as text} For tests. */
  String describe(boolean anyEntry, float threshold) {
    return rule(anyEntry, threshold).toString();
  }

  /** {@return whether searches at a threshold stop early now} */
  public boolean isCalibrated(boolean anyEntry, float threshold) {
    return rule(anyEntry, threshold) != full;
  }

  /** {@return whether there can be a rule for a threshold} Below, nearly all is found. */
  static boolean covers(float threshold) {
    return index(threshold) >= 0;
  }

  /** {@return the rule for a threshold, or the full search's} */
  StopRule rule(boolean anyEntry, float threshold) {
    int index = index(threshold);
    StopRule rule = index < 0 ? null : (anyEntry ? any : best)[index].rule;
    StopRule inFull = full;
    return rule == null || rule.widthMax() >= inFull.widthMax() ? inFull : rule;
  }

  /** The table of the thresholds from its own to the next; the last has all above. */
  private static int index(float threshold) {
    int steps = (int) Math.floor((threshold * 100 - LEAST_PERCENT) / STEP_PERCENT + 1e-3);
    return Math.min(steps, THRESHOLDS - 1);
  }

  /** Observes what a full search found. */
  void observe(TopCandidates found) {
    if (found.count() == 0 || !lock.tryLock()) {
      return;
    }
    try {
      // What it was not to find is not known, so tables of lower thresholds learn nothing.
      int first = Math.max(0, index(found.target()));
      Table[] tables = found.isAny() ? any : best;
      for (int i = 0; i < found.count() && found.cosine(i) >= found.target(); i++) {
        if (found.ranks(i) == TopCandidates.LISTED) {
          continue;
        }
        for (int table = first; table <= index(found.cosine(i)); table++) {
          count(tables[table], found.ranks(i));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void count(Table table, long ranks) {
    for (int step = 0; step < StopRule.STEPS; step++) {
      table.counts[step][VisitOrder.rank(ranks, step) + 1]++;
    }
    table.finds++;
    judge(table, ranks);
    if (++table.sinceRenewed >= RENEW_EVERY && table.finds >= FINDS_MIN) {
      renew(table);
    }
  }

  private void judge(Table table, long ranks) {
    StopRule rule = table.rule;
    if (rule == null) {
      return;
    }
    table.shadowFinds++;
    shadowFinds.incrementAndGet();
    if (rule.loses(ranks)) {
      table.shadowLost++;
      shadowLost.incrementAndGet();
      double expected = BUDGET * table.shadowFinds;
      if (table.shadowLost > 1 + expected + 3 * Math.sqrt(expected)) {
        // Frozen: in full until there is a new rule, which knows these finds.
        table.rule = null;
        table.shadowFinds = 0;
        table.shadowLost = 0;
        table.sinceRenewed = 0;
      }
    }
  }

  private void renew(Table table) {
    table.sinceRenewed = 0;
    int allowed = (int) (table.finds * BUDGET / StopRule.STEPS);
    int[] widths = new int[StopRule.STEPS];
    int widest = WIDTH_MIN;
    for (int step = 0; step < StopRule.STEPS; step++) {
      widths[step] = width(table.counts[step], allowed);
      widest = Math.max(widest, widths[step]);
    }
    int width = WIDTH_MIN;
    for (int step = 0; step < StopRule.STEPS; step++) {
      // Of a step that hardly any find passed through nothing is known.
      boolean known = table.finds - table.counts[step][0] >= PASSED_MIN;
      width = Math.max(width, known ? widths[step] : widest);
      widths[step] = width;
    }
    table.rule = new StopRule(widths);
    table.shadowFinds = 0;
    table.shadowLost = 0;
    if (table.finds >= FINDS_KEPT) {
      table.finds = 0;
      for (int rank = 0; rank < RANKS; rank++) {
        for (int step = 0; step < StopRule.STEPS; step++) {
          table.counts[step][rank] /= 2;
          table.finds += step == 0 ? table.counts[step][rank] : 0;
        }
      }
    }
  }

  /** {@return a width at which at most {@code allowed} finds were lost, and some room} */
  private static int width(int[] counts, int allowed) {
    int lost = 0;
    int rank = RANKS - 1;
    while (rank > 0 && lost + counts[rank] <= allowed) {
      lost += counts[rank--];
    }
    if (rank > VisitOrder.RANK_MAX) {
      // Ranks beyond are all noted as the greatest: nothing says how wide is wide enough.
      return Integer.MAX_VALUE;
    }
    return rank + ROOM + rank / 8;
  }
}
