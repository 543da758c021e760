package dev.askonce.optimizer.route;

import java.util.List;

/**
 * Labelled prompts as points, and what the nearest of them say of a new one: the mean of their
 * labels, nearer ones counting more.
 *
 * @param codes the points, each component as a signed byte, one point after another
 * @param labels of the points
 */
record Neighbours(Projection projection, byte[] codes, float[] labels) {
  private static final int NEIGHBOURS_MAX = 60;

  /** How fast a point counts less with its distance: by {@code exp(5 cosine)}. */
  private static final double SHARPNESS = 5;

  private static final float SCALE = 127;

  static Neighbours of(Projection projection, List<float[]> vectors, double[] labels) {
    int width = projection.axes().length;
    byte[] codes = new byte[vectors.size() * width];
    float[] rounded = new float[labels.length];
    for (int i = 0; i < vectors.size(); i++) {
      float[] point = projection.of(vectors.get(i));
      for (int j = 0; j < width; j++) {
        codes[i * width + j] = (byte) Math.round(point[j] * SCALE);
      }
      rounded[i] = (float) labels[i];
    }
    return new Neighbours(projection, codes, rounded);
  }

  float of(float[] vector) {
    float[] point = projection.of(vector);
    int kept = Math.min(NEIGHBOURS_MAX, labels.length);
    float[] cosines = new float[kept];
    int[] indexes = new int[kept];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      float cosine = cosine(point, i);
      if (count == kept && cosine <= cosines[kept - 1]) {
        continue;
      }
      int at = count < kept ? count++ : kept - 1;
      while (at > 0 && cosines[at - 1] < cosine) {
        cosines[at] = cosines[at - 1];
        indexes[at] = indexes[at - 1];
        at--;
      }
      cosines[at] = cosine;
      indexes[at] = i;
    }
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < count; i++) {
      double weight = Math.exp(SHARPNESS * cosines[i]);
      sum += weight * labels[indexes[i]];
      weights += weight;
    }
    return (float) (sum / weights);
  }

  private float cosine(float[] point, int index) {
    int at = index * point.length;
    float even = 0;
    float odd = 0;
    int i = 0;
    for (; i + 1 < point.length; i += 2) {
      even += point[i] * codes[at + i];
      odd += point[i + 1] * codes[at + i + 1];
    }
    return (even + odd + (i < point.length ? point[i] * codes[at + i] : 0)) / SCALE;
  }
}
