package dev.askonce.optimizer.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Quality against the share of requests that go to the budget model, when those with the least need
 * go first. Requests of equal need go in no order: the curve between them is what a random order
 * gives on average. Immutable.
 *
 * @param needs ascending, one for each sample
 * @param quality mean quality when the first {@code i} samples, {@code 0..n}, go to the budget
 *     model
 */
public record RoutingCurve(double[] needs, double[] quality) {
  /** One point of a curve. */
  public record Point(double shareCheap, double quality) {}

  /** Of the comparison of two sums in another order. */
  private static final double ROUNDING = 1e-9;

  /** {@return the curve of samples by their needs, in the same order} */
  public static RoutingCurve of(List<RoutingSample> samples, double[] needs) {
    double[] weak = new double[needs.length];
    double[] strong = new double[needs.length];
    for (int i = 0; i < needs.length; i++) {
      weak[i] = samples.get(i).weak();
      strong[i] = samples.get(i).strong();
    }
    return of(needs, weak, strong);
  }

  /** {@return the curve of samples by their needs and qualities; there is at least one} */
  public static RoutingCurve of(double[] needs, double[] weak, double[] strong) {
    int n = needs.length;
    Integer[] order = new Integer[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    Arrays.sort(order, (a, b) -> Double.compare(needs[a], needs[b]));
    double total = 0;
    for (double value : strong) {
      total += value;
    }
    double[] sorted = new double[n];
    double[] quality = new double[n + 1];
    quality[0] = total / n;
    for (int from = 0; from < n; ) {
      int to = from;
      double loss = 0;
      while (to < n && needs[order[to]] == needs[order[from]]) {
        loss += strong[order[to]] - weak[order[to]];
        sorted[to] = needs[order[to]];
        to++;
      }
      for (int i = from; i < to; i++) {
        quality[i + 1] = (total - loss * (i + 1 - from) / (to - from)) / n;
      }
      total -= loss;
      from = to;
    }
    return new RoutingCurve(sorted, quality);
  }

  /** {@return how many samples there are} */
  public int size() {
    return needs.length;
  }

  /** {@return mean quality when all go to the budget model} */
  public double weakQuality() {
    return quality[size()];
  }

  /** {@return mean quality when all go to the standard model} */
  public double strongQuality() {
    return quality[0];
  }

  /**
   * {@return the largest share to the budget model whose quality is at most {@code loss} below that
   * of the standard model, relatively}
   *
   * @param loss such as 0.03
   */
  public double shareCheapAtLoss(double loss) {
    return (double) countAtLoss(loss) / size();
  }

  /** {@return the need from which on requests go to the standard model at that share} */
  public double thresholdAtLoss(double loss) {
    return thresholdOfCount(countAtLoss(loss));
  }

  /**
   * {@return the need from which on requests go to the standard model, for a share to the other}
   */
  public double thresholdAtShare(double shareCheap) {
    return thresholdOfCount((int) Math.round(shareCheap * size()));
  }

  /** {@return the share with a need below {@code threshold}} */
  public double shareBelow(double threshold) {
    return (double) countBelow(threshold) / size();
  }

  /** {@return mean quality when needs below {@code threshold} go to the budget model} */
  public double qualityAt(double threshold) {
    return quality[countBelow(threshold)];
  }

  private int countBelow(double threshold) {
    int count = 0;
    while (count < size() && needs[count] < threshold) {
      count++;
    }
    return count;
  }

  private int countAtLoss(double loss) {
    double floor = (1 - loss) * quality[0] - ROUNDING;
    int count = size();
    while (quality[count] < floor) {
      count--;
    }
    return count;
  }

  /** Half way between the last that goes and the first that stays. */
  private double thresholdOfCount(int count) {
    if (count >= size()) {
      return Math.nextUp(needs[size() - 1]);
    }
    return count == 0 ? needs[0] : (needs[count - 1] + needs[count]) / 2;
  }

  /**
   * {@return the average performance gap recovered} The mean over all shares of how much of the gap
   * between the two models is closed: about 0.5 for a random order (Ong et al. 2024). {@link
   * Double#NaN} without a gap.
   */
  public double apgr() {
    return (meanQuality() - weakQuality()) / (strongQuality() - weakQuality());
  }

  /** {@return the mean quality over all shares} */
  double meanQuality() {
    double sum = 0;
    for (double value : quality) {
      sum += value;
    }
    return sum / quality.length;
  }

  /** {@return the curve at {@code count + 1} shares, evenly from 0 to 1} */
  public List<Point> points(int count) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      int at = (int) Math.round((double) i * size() / count);
      points.add(new Point((double) at / size(), quality[at]));
    }
    return points;
  }
}
