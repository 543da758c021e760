package dev.askonce.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
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

  /** Moves every weight against its gradient and sets the gradient to zero. */
  void step(double rate, double headRate) {
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
                    1,
                    -1,
                    BETA1,
                    BETA2,
                    EPSILON,
                    false,
                    true);
          }
        });
  }
}
