package dev.askonce.optimizer.route;

/** A weighted sum of inputs. */
record LinearScore(float[] weights, float bias) {
  float of(float[] inputs) {
    float sum = bias;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * inputs[i];
    }
    return sum;
  }
}
