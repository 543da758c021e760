package dev.askonce.training;

import java.util.Arrays;
import java.util.Comparator;

/**
 * How well scores tell pairs that one answer serves from others.
 *
 * <p>Serving from the highest score down, the <em>served</em> share is that of all pairs of label 1
 * which are served, the <em>wrong</em> share that of all served which have label 0.
 */
record Curve(double[] scores, int[] labels) {
  /** {@return the area under the ROC curve; equal scores count half} */
  double auc() {
    Integer[] order = ascending();
    double rankSum = 0;
    long positives = 0;
    for (int from = 0; from < order.length; ) {
      int to = from;
      int positivesHere = 0;
      while (to < order.length && Double.compare(scores[order[to]], scores[order[from]]) == 0) {
        positivesHere += labels[order[to++]];
      }
      rankSum += positivesHere * (from + 1 + to) / 2.0;
      positives += positivesHere;
      from = to;
    }
    long negatives = order.length - positives;
    return (rankSum - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
  }

  /**
   * What may be served at an accepted wrong share.
   *
   * @param served the share of the pairs of label 1
   * @param wrong the wrong share that it comes with
   * @param least the least score that is served; infinite where none is
   */
  record Point(double served, double wrong, double least) {}

  /** {@return the lowest score down to which the wrong share is at most the given one} */
  Point at(double wrongShareMax) {
    Integer[] order = ascending();
    long positives = Arrays.stream(labels).filter(label -> label == 1).count();
    Point best = new Point(0, 0, Double.POSITIVE_INFINITY);
    int served = 0;
    int wrong = 0;
    for (int i = order.length - 1; i >= 0; i--) {
      served++;
      wrong += 1 - labels[order[i]];
      boolean tieGoesOn = i > 0 && scores[order[i - 1]] == scores[order[i]];
      double wrongShare = (double) wrong / served;
      if (!tieGoesOn && wrongShare <= wrongShareMax) {
        best = new Point((double) (served - wrong) / positives, wrongShare, scores[order[i]]);
      }
    }
    return best;
  }

  private Integer[] ascending() {
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
    return order;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("AUC %.4f".formatted(auc()));
    for (double wrongShareMax : new double[] {0.02, 0.05, 0.10}) {
      Point point = at(wrongShareMax);
      text.append(
          ", wrong ≤ %.0f%%: served %.1f%%".formatted(100 * wrongShareMax, 100 * point.served));
    }
    return text.toString();
  }
}
