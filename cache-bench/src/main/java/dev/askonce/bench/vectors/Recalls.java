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
  static Recalls<Share> of(Mode mode, float tau, Data data, Truth truth, Answers answers) {
    Map<String, Share> decisions = new TreeMap<>();
    if (mode != Mode.ANY) {
      for (float threshold : THRESHOLDS) {
        decisions.put(key(threshold), decision(threshold, data, truth, answers));
      }
    } else {
      for (float threshold : THRESHOLDS) {
        decisions.put(key(threshold), null);
      }
    }
    decisions.put(key(tau), decision(tau, data, truth, answers));
    return new Recalls<>(
        mode == Mode.ANY ? null : best(mode.floor, data, truth, answers),
        decisions,
        mode == Mode.BEST4 ? overFloor(mode, data, truth, answers) : null);
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

  private static Share decision(float threshold, Data data, Truth truth, Answers answers) {
    long found = 0;
    long eligible = 0;
    for (int query = 0; query < answers.queryCount(); query++) {
      if (truth.best(query) >= threshold) {
        eligible++;
        found += bestFound(query, data, answers) >= threshold - SLACK ? 1 : 0;
      }
    }
    return new Share(found, eligible);
  }

  private static Share best(float floor, Data data, Truth truth, Answers answers) {
    long found = 0;
    long eligible = 0;
    for (int query = 0; query < answers.queryCount(); query++) {
      if (truth.best(query) >= floor) {
        eligible++;
        found += bestFound(query, data, answers) >= truth.best(query) - SLACK ? 1 : 0;
      }
    }
    return new Share(found, eligible);
  }

  private static float bestFound(int query, Data data, Answers answers) {
    float best = Float.NEGATIVE_INFINITY;
    for (int rank = 0; rank < answers.k() && answers.entry(query, rank) != Truth.NONE; rank++) {
      best = Math.max(best, data.cosine(query, answers.entry(query, rank)));
    }
    return best;
  }

  /** Entries count by their cosine: of equal ones, each is as good as another. */
  private static Share overFloor(Mode mode, Data data, Truth truth, Answers answers) {
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
        found += Math.min(wanted, countOver(least, query, data, answers));
      }
    }
    return new Share(found, eligible);
  }

  private static int countOver(float least, int query, Data data, Answers answers) {
    int count = 0;
    for (int rank = 0; rank < answers.k() && answers.entry(query, rank) != Truth.NONE; rank++) {
      count += data.cosine(query, answers.entry(query, rank)) >= least ? 1 : 0;
    }
    return count;
  }
}
