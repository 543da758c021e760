package dev.askonce.optimizer.route;

import java.util.List;

/**
 * Labelled prompts as points, and what the nearest of them say of a new one: the mean of their
 * labels, nearer ones counting more.
 *
 * @param codes the points, each component as a signed byte: the first of all points, then the
 *     second of all points, and so on
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
      byte[] point = coded(projection.of(vectors.get(i)));
      for (int j = 0; j < width; j++) {
        codes[j * labels.length + i] = point[j];
      }
      rounded[i] = (float) labels[i];
    }
    return new Neighbours(projection, codes, rounded);
  }

  private static byte[] coded(float[] point) {
    byte[] coded = new byte[point.length];
    for (int j = 0; j < point.length; j++) {
      coded[j] = (byte) Math.round(point[j] * SCALE);
    }
    return coded;
  }

  float of(float[] vector) {
    int[] products = products(coded(projection.of(vector)));
    int kept = Math.min(NEIGHBOURS_MAX, labels.length);
    float[] cosines = new float[kept];
    int[] indexes = new int[kept];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      float cosine = products[i] / (SCALE * SCALE);
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

  /* Component by component over all points, in whole numbers: a loop that the compiler makes vector
   * instructions of. Point by point the same took twice as long. */
  private int[] products(byte[] point) {
    int[] products = new int[labels.length];
    for (int j = 0; j < point.length; j++) {
      add(products, point[j], j * labels.length);
    }
    return products;
  }

  private void add(int[] products, int factor, int at) {
    for (int i = 0; i < products.length; i++) {
      products[i] += factor * codes[at + i];
    }
  }
}
