package dev.askonce.optimizer.route;

/** A weighted sum of inputs. */
record LinearScore(float[] weights, float bias) {
  float of(float[] inputs) {
    return bias + Dot.of(weights, inputs);
  }
}
