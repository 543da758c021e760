package dev.askonce.cli.eval;

import java.util.Arrays;
import java.util.Comparator;

/** Scores of labelled pairs, the best first, and what a threshold over them would serve. */
final class ScoredPairs {
  /** What is refused whatever the threshold has a score of less. */
  private static final double REFUSED = -1.5;

  private final double[] scores;
  private final boolean[] positives;
  private final int positiveCount;

  /**
   * @param scores higher is likelier; below {@value #REFUSED} is never served
   */
  ScoredPairs(double[] scores, boolean[] positives) {
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -scores[i]));
    this.scores = new double[scores.length];
    this.positives = new boolean[scores.length];
    int count = 0;
    for (int i = 0; i < order.length; i++) {
      this.scores[i] = scores[order[i]];
      this.positives[i] = positives[order[i]];
      count += this.positives[i] ? 1 : 0;
    }
    positiveCount = count;
  }

  /**
   * What serves the most at a bound.
   *
   * @param served share of the positive pairs that are served, from 0 to 1
   * @param threshold the least score that is served; infinite if none is
   */
  record Point(double served, double threshold) {}

  /** {@return the most that a threshold serves while at most this share of it is wrong} */
  Point servedAt(double wrongShareMax) {
    Point best = new Point(0, Double.POSITIVE_INFINITY);
    int right = 0;
    for (int i = 0; i < scores.length && scores[i] > REFUSED; i++) {
      right += positives[i] ? 1 : 0;
      boolean last = i + 1 == scores.length || scores[i + 1] < scores[i];
      int wrong = i + 1 - right;
      if (last && right > 0 && wrong <= wrongShareMax * (i + 1)) {
        best = new Point((double) right / positiveCount, scores[i]);
      }
    }
    return best;
  }

  /** {@return the area under the ROC curve; ties count half} */
  double auc() {
    double area = 0;
    long negativesBelow = scores.length - positiveCount;
    int at = 0;
    while (at < scores.length) {
      int end = at;
      int right = 0;
      while (end < scores.length && scores[end] == scores[at]) {
        right += positives[end++] ? 1 : 0;
      }
      int wrong = end - at - right;
      negativesBelow -= wrong;
      area += right * (negativesBelow + wrong / 2.0);
      at = end;
    }
    double all = (double) positiveCount * (scores.length - positiveCount);
    return all == 0 ? Double.NaN : area / all;
  }
}
