package dev.askonce.text;

import java.nio.FloatBuffer;

/**
 * What makes a number of the states of a pair's tokens, the log odds that one answer serves both: a
 * weighted sum of the state of {@code [CLS]}, and of the products and the distances of the mean
 * states of both texts, component by component, the means scaled to unit length.
 *
 * <p>With equal factors the products are the cosine that an embedder would give, so that training
 * begins with what the embedder knows.
 *
 * @param first factors of the state of {@code [CLS]}; each array has {@link
 *     PairTrainingBase#DIMENSION} components, and none is copied
 * @param product factors of the products
 * @param distance factors of the absolute differences
 * @param bias what is added to the sum
 */
public record PairHead(float[] first, float[] product, float[] distance, float bias) {
  private static final int DIMENSION = SentenceModel.DIMENSION;

  public PairHead {
    for (float[] factors : new float[][] {first, product, distance}) {
      if (factors.length != DIMENSION) {
        throw new IllegalArgumentException(factors.length + " factors, not " + DIMENSION);
      }
    }
  }

  /**
   * {@return the log odds}
   *
   * @param states of {@code count} tokens, one after the other
   * @param secondStart the first token of the second text
   */
  double logOdds(FloatBuffer states, int secondStart, int count) {
    float[] state = new float[DIMENSION];
    float[] one = mean(states, 0, secondStart, state);
    float[] two = mean(states, secondStart, count, state);
    states.get(0, state);
    double sum = bias;
    for (int i = 0; i < DIMENSION; i++) {
      sum += first[i] * state[i];
      sum += product[i] * one[i] * two[i];
      sum += distance[i] * Math.abs(one[i] - two[i]);
    }
    return sum;
  }

  /** {@return the mean, scaled to unit length} */
  private static float[] mean(FloatBuffer states, int from, int to, float[] state) {
    float[] sum = new float[DIMENSION];
    for (int token = from; token < to; token++) {
      states.get(token * DIMENSION, state);
      for (int i = 0; i < DIMENSION; i++) {
        sum[i] += state[i];
      }
    }
    double squares = 0;
    for (float component : sum) {
      squares += (double) component * component;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < DIMENSION; i++) {
      sum[i] *= scale;
    }
    return sum;
  }
}
