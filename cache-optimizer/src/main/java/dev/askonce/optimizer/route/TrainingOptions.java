package dev.askonce.optimizer.route;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the ways to train that cross validation chooses among. There are few of them: where some
 * hundred samples need the standard model, the best of many is the luckiest.
 */
record TrainingOptions(Target target, Blend.Weights weights) {
  /** What is learned of a sample. */
  enum Target {
    /** What the standard model's answer is worth more: what the route decides on. */
    GAIN,
    /** How bad the budget model's answer is: says almost the same, and is far less noisy. */
    WEAK_ERROR;

    static final int COUNT = values().length;

    double of(RoutingSample sample) {
      return this == GAIN ? sample.gain() : 1 - sample.weak();
    }
  }

  private static final List<Blend.Weights> WEIGHTS =
      List.of(
          new Blend.Weights(1, 0.5f, 0.5f),
          new Blend.Weights(1, 1, 1),
          new Blend.Weights(0, 0.5f, 1));

  /* The gain is decided by the samples on which the models differ alone. On 87 of those the
   * budget model's error taught more (area 0.67 against 0.61, out of part), and choosing weights
   * by cross validation was worth less than having some (0.66). On 1,300 and 1,600 both paid. */
  private static final int DIFFERING_MANY = 500;
  private static final TrainingOptions OF_FEW =
      new TrainingOptions(Target.WEAK_ERROR, new Blend.Weights(0, 0.2f, 1));

  /** {@return the ways that are worth trying on these samples} */
  static List<TrainingOptions> of(List<RoutingSample> samples) {
    if (trust(samples) == Trust.NARROW) {
      return List.of(OF_FEW);
    }
    List<TrainingOptions> all = new ArrayList<>();
    for (Target target : Target.values()) {
      for (Blend.Weights weights : WEIGHTS) {
        all.add(new TrainingOptions(target, weights));
      }
    }
    return all;
  }

  /** {@return how far features are trusted on these samples} */
  static Trust trust(List<RoutingSample> samples) {
    long differing = samples.stream().filter(sample -> sample.gain() != 0).count();
    return differing < DIFFERING_MANY ? Trust.NARROW : Trust.WIDE;
  }
}
