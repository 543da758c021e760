package dev.askonce.bench.vectors;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One thing about each of the recalls, null where the mode does not ask for it.
 *
 * @param recallAt1 of the queries whose best entry reaches the mode's floor, those that got it
 * @param decisionRecall by threshold: of the queries whose best entry reaches it, those that got
 *     one that does
 * @param top4Over80 of the true entries at 0.80 or over, at most four a query, those found
 */
public record Recalls<T>(T recallAt1, Map<String, T> decisionRecall, T top4Over80) {
  /** The thresholds that are always told. */
  private static final float[] THRESHOLDS = {0.80f, 0.90f, 0.95f};

  /** Two orders of summation may differ by this much. */
  private static final float SLACK = 1e-6f;

  public Recalls {
    decisionRecall = Collections.unmodifiableMap(new TreeMap<>(decisionRecall));
  }

  /** Measures answers by the truth. */
  static Recalls<Share> of(Mode mode, float tau, Truth truth, Answers answers) {
    Map<String, Share> decisions = new TreeMap<>();
    if (mode != Mode.ANY) {
      for (float threshold : THRESHOLDS) {
        decisions.put(key(threshold), decision(threshold, truth, answers));
      }
    } else {
      for (float threshold : THRESHOLDS) {
        decisions.put(key(threshold), null);
      }
    }
    decisions.put(key(tau), decision(tau, truth, answers));
    return new Recalls<>(
        mode == Mode.ANY ? null : best(mode.floor, truth, answers),
        decisions,
        mode == Mode.BEST4 ? overFloor(mode, truth, answers) : null);
  }

  /** {@return a threshold as it is named in a row} */
  static String key(float threshold) {
    String digits = Float.toString(threshold);
    return digits.length() < 4 ? digits + "0" : digits;
  }

  /** {@return the same about something else; what is null stays so} */
  <R> Recalls<R> map(Function<T, R> function) {
    Map<String, R> mapped = new TreeMap<>();
    decisionRecall.forEach((key, value) -> mapped.put(key, orNull(value, function)));
    return new Recalls<>(orNull(recallAt1, function), mapped, orNull(top4Over80, function));
  }

  private static <T, R> R orNull(T value, Function<T, R> function) {
    return value == null ? null : function.apply(value);
  }

  private static Share decision(float threshold, Truth truth, Answers answers) {
    long found = 0;
    long eligible = 0;
    for (int query = 0; query < answers.queryCount(); query++) {
      if (truth.best(query) >= threshold) {
        eligible++;
        found += bestFound(query, truth, answers) >= threshold - SLACK ? 1 : 0;
      }
    }
    return new Share(found, eligible);
  }

  private static Share best(float floor, Truth truth, Answers answers) {
    long found = 0;
    long eligible = 0;
    for (int query = 0; query < answers.queryCount(); query++) {
      if (truth.best(query) >= floor) {
        eligible++;
        found += bestFound(query, truth, answers) >= truth.best(query) - SLACK ? 1 : 0;
      }
    }
    return new Share(found, eligible);
  }

  /** {@return the best cosine of an answer, which cannot exceed the truth} */
  private static float bestFound(int query, Truth truth, Answers answers) {
    float best = Answers.NOTHING;
    for (int rank = 0; rank < answers.k(); rank++) {
      best = Math.max(best, answers.cosine(query, rank));
    }
    if (best > truth.best(query) + SLACK) {
      throw new IllegalStateException(
          "query " + query + ": found at " + best + ", but the best is " + truth.best(query));
    }
    return best;
  }

  /** Entries count by their cosine: of equal ones, each is as good as another. */
  private static Share overFloor(Mode mode, Truth truth, Answers answers) {
    long found = 0;
    long eligible = 0;
    for (int query = 0; query < answers.queryCount(); query++) {
      int wanted = 0;
      while (wanted < mode.k && truth.cosine(query, wanted) >= mode.floor) {
        wanted++;
      }
      if (wanted > 0) {
        float least = truth.cosine(query, wanted - 1) - SLACK;
        eligible += wanted;
        found += Math.min(wanted, countOver(least, query, answers));
      }
    }
    return new Share(found, eligible);
  }

  private static int countOver(float least, int query, Answers answers) {
    int count = 0;
    for (int rank = 0; rank < answers.k(); rank++) {
      count += answers.cosine(query, rank) >= least ? 1 : 0;
    }
    return count;
  }
}
