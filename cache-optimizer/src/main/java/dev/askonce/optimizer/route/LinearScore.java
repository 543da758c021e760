package dev.askonce.optimizer.route;

import dev.askonce.optimizer.embed.Dot;

/** A weighted sum of inputs. */
record LinearScore(float[] weights, float bias) {
  float of(float[] inputs) {
    return bias + Dot.of(weights, inputs);
  }
}
