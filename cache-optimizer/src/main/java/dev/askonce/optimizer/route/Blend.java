package dev.askonce.optimizer.route;

/**
 * Three opinions on what the standard model is worth to a prompt, added up with a weight each: that
 * of its topic, that of its nearest neighbours, that of its features.
 */
record Blend(
    Standardisation standardisation,
    Topics topics,
    Neighbours neighbours,
    LinearScore features,
    Weights weights) {
  /** How much each opinion counts; the scale does not matter. */
  record Weights(float topics, float neighbours, float features) {}

  /** Brings components of a unit vector to about the size of standardised features. */
  private static final float VECTOR_FACTOR = 20;

  float of(float[] features, float[] vector) {
    float[] inputs = standardisation.of(features);
    float score = weights.features * this.features.of(inputs);
    if (weights.topics != 0) {
      score += weights.topics * topics.of(joined(vector, inputs));
    }
    if (weights.neighbours != 0) {
      score += weights.neighbours * neighbours.of(vector);
    }
    return score;
  }

  /** {@return what topics are told by} */
  static float[] joined(float[] vector, float[] inputs) {
    float[] joined = new float[vector.length + inputs.length];
    for (int i = 0; i < vector.length; i++) {
      joined[i] = VECTOR_FACTOR * vector[i];
    }
    System.arraycopy(inputs, 0, joined, vector.length, inputs.length);
    return joined;
  }
}
