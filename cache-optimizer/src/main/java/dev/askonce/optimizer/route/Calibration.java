package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.ChatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A threshold fitted to a sample of an operator's own traffic, and what it does on another part of
 * that sample.
 *
 * @param threshold the need from which on the standard tier is asked
 * @param shareCheap the share of the other part that went to the budget model
 * @param loss relative loss of quality on the other part, against the standard model for all
 * @param lossHigh the upper end of a one-sided 95% bootstrap interval of it
 * @param fitted samples that the threshold was chosen on
 * @param reported samples that the figures are of
 */
public record Calibration(
    double threshold, double shareCheap, double loss, double lossHigh, int fitted, int reported) {
  /** Samples below which a threshold would be chance. */
  public static final int SAMPLES_MIN = 40;

  private static final int RESAMPLES = 1_000;
  private static final double CONFIDENCE = 0.95;
  private static final int STEPS = 100;

  /**
   * {@return the threshold of the largest share to the budget model whose loss stays below {@code
   * lossMax} with 95% confidence} Chosen on every other sample, reported on the rest. Where no
   * share does, all go to the standard model.
   *
   * @param needs of the samples, in their order, by a model that was not trained on them
   * @param lossMax relative, such as 0.03
   * @throws ChatException.InvalidSetting if there are fewer than {@link #SAMPLES_MIN} samples
   */
  public static Calibration toLoss(List<RoutingSample> samples, double[] needs, double lossMax) {
    if (!(lossMax >= 0 && lossMax < 1)) {
      throw new ChatException.InvalidSetting("lossMax " + lossMax + " is not from 0 to 1");
    }
    Half fit = half(samples, needs, 0);
    RoutingCurve curve = fit.curve();
    double threshold = 0;
    // From the largest share down, so that a dip in between does not end the search.
    for (int step = STEPS; step > 0 && threshold == 0; step--) {
      double candidate = curve.thresholdAtShare((double) step / STEPS);
      if (fit.lossHigh(candidate) <= lossMax) {
        threshold = candidate;
      }
    }
    return reported(threshold, fit, half(samples, needs, 1));
  }

  /**
   * {@return the threshold that sends a share to the budget model} Chosen and reported as in {@link
   * #toLoss}.
   *
   * @param shareCheap 0 to 1
   * @throws ChatException.InvalidSetting if there are fewer than {@link #SAMPLES_MIN} samples
   */
  public static Calibration toShare(
      List<RoutingSample> samples, double[] needs, double shareCheap) {
    if (!(shareCheap >= 0 && shareCheap <= 1)) {
      throw new ChatException.InvalidSetting("shareCheap " + shareCheap + " is not from 0 to 1");
    }
    Half fit = half(samples, needs, 0);
    return reported(fit.curve().thresholdAtShare(shareCheap), fit, half(samples, needs, 1));
  }

  private static Calibration reported(double threshold, Half fit, Half report) {
    RoutingCurve curve = report.curve();
    return new Calibration(
        threshold,
        curve.shareBelow(threshold),
        1 - curve.qualityAt(threshold) / curve.strongQuality(),
        report.lossHigh(threshold),
        fit.needs.length,
        report.needs.length);
  }

  private static Half half(List<RoutingSample> samples, double[] needs, int which) {
    if (samples.size() != needs.length || samples.size() < SAMPLES_MIN) {
      throw new ChatException.InvalidSetting(
          samples.size()
              + " samples with "
              + needs.length
              + " needs; give as many of both, at least "
              + SAMPLES_MIN);
    }
    List<Integer> members = new ArrayList<>();
    for (int i = which; i < needs.length; i += 2) {
      members.add(i);
    }
    return new Half(
        members.stream().mapToDouble(i -> needs[i]).toArray(),
        members.stream().mapToDouble(i -> samples.get(i).weak()).toArray(),
        members.stream().mapToDouble(i -> samples.get(i).strong()).toArray());
  }

  private record Half(double[] needs, double[] weak, double[] strong) {
    RoutingCurve curve() {
      return RoutingCurve.of(needs, weak, strong);
    }

    /** {@return the upper end of the loss when needs below {@code threshold} go to the weak} */
    double lossHigh(double threshold) {
      Random random = new Random(1);
      double[] losses = new double[RESAMPLES];
      for (int r = 0; r < RESAMPLES; r++) {
        double lost = 0;
        double total = 0;
        for (int i = 0; i < needs.length; i++) {
          int drawn = random.nextInt(needs.length);
          total += strong[drawn];
          lost += needs[drawn] < threshold ? strong[drawn] - weak[drawn] : 0;
        }
        losses[r] = total == 0 ? 0 : lost / total;
      }
      Arrays.sort(losses);
      return losses[(int) (CONFIDENCE * RESAMPLES)];
    }
  }
}
