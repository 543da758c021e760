package dev.askonce.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019). Matrices decay, biases and norms
 * do not.
 */
final class AdamW {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-6f;
  private static final double NORM_MAX = 1;

  private record Moments(NDArray first, NDArray second) {}

  private final Map<String, NDArray> weights;
  private final Map<String, Moments> moments = new TreeMap<>();
  private final float decay;
  private int steps;

  AdamW(Map<String, NDArray> weights, float decay) {
    this.weights = weights;
    this.decay = decay;
    weights.forEach(
        (name, weight) -> moments.put(name, new Moments(weight.zerosLike(), weight.zerosLike())));
  }

  /**
   * Moves every weight against its gradient, all of them scaled down to a common length of at most
   * {@value #NORM_MAX}, and sets the gradients to zero.
   *
   * @return whether it did; not where the gradients are no numbers
   */
  boolean step(double rate, double headRate) {
    double norm = norm();
    if (!Double.isFinite(norm)) {
      weights.values().forEach(weight -> JniUtils.zeroGrad((PtNDArray) weight));
      return false;
    }
    float scale = (float) Math.min(1, NORM_MAX / norm);
    steps++;
    double correction = Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
    weights.forEach(
        (name, weight) -> {
          Moments moment = moments.get(name);
          double own = name.startsWith("head") ? headRate : rate * PairNetwork.rateFactor(name);
          boolean decays = weight.getShape().dimension() > 1;
          try (NDArray gradient = weight.getGradient()) {
            weight
                .getNDArrayInternal()
                .adamUpdate(
                    new NDList(weight, gradient, moment.first, moment.second),
                    new NDList(weight),
                    (float) own,
                    (float) (own * correction),
                    decays ? decay : 0,
                    scale,
                    -1,
                    BETA1,
                    BETA2,
                    EPSILON,
                    false,
                    true);
          }
        });
    return true;
  }

  private double norm() {
    double squares = 0;
    for (NDArray weight : weights.values()) {
      try (NDArray gradient = weight.getGradient();
          NDArray square = gradient.square();
          NDArray sum = square.sum()) {
        squares += sum.getFloat();
      }
    }
    return Math.sqrt(squares);
  }
}
