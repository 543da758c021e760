package dev.askonce.optimizer.route;

import java.util.List;

/**
 * Features on one scale, each {@link Kind} in a block of its own, so that a linear score over them
 * is one score for each kind.
 *
 * @param mean by kind and feature
 * @param factor by kind and feature; 0 where a feature never varies, or a kind is too rare to learn
 */
record Standardisation(float[][] mean, float[][] factor) {
  static final int WIDTH = Kind.COUNT * (Feature.COUNT + 1);

  /** Samples of a kind below which nothing is learned about it. */
  private static final int KIND_SAMPLES_MIN = 30;

  private static final double DEVIATION_MIN = 0.01;

  /** Deviations beyond which a value counts as this many: prompts unlike any in training. */
  private static final float LIMIT = 3;

  private static final float KIND_INDICATOR = 3;

  static Standardisation of(List<float[]> samples) {
    float[][] mean = new float[Kind.COUNT][Feature.COUNT];
    float[][] factor = new float[Kind.COUNT][Feature.COUNT];
    for (Kind kind : Kind.values()) {
      List<float[]> own = samples.stream().filter(values -> Kind.of(values) == kind).toList();
      if (own.size() < KIND_SAMPLES_MIN) {
        continue;
      }
      for (int i = 0; i < Feature.COUNT; i++) {
        int feature = i;
        double average = own.stream().mapToDouble(v -> v[feature]).average().orElseThrow();
        double deviation =
            Math.sqrt(
                own.stream()
                    .mapToDouble(v -> (v[feature] - average) * (v[feature] - average))
                    .average()
                    .orElseThrow());
        mean[kind.ordinal()][i] = (float) average;
        factor[kind.ordinal()][i] = deviation < DEVIATION_MIN ? 0 : (float) (1 / deviation);
      }
    }
    return new Standardisation(mean, factor);
  }

  float[] of(float[] features) {
    int kind = Kind.of(features).ordinal();
    float[] inputs = new float[WIDTH];
    int at = kind * (Feature.COUNT + 1);
    for (int i = 0; i < Feature.COUNT; i++) {
      float value = (features[i] - mean[kind][i]) * factor[kind][i];
      inputs[at + i] = Math.clamp(value, -LIMIT, LIMIT);
    }
    inputs[at + Feature.COUNT] = KIND_INDICATOR;
    return inputs;
  }
}
