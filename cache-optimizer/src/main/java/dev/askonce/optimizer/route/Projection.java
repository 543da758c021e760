package dev.askonce.optimizer.route;

import dev.askonce.optimizer.embed.Dot;
import java.util.List;
import java.util.Random;

/**
 * The directions in which embeddings vary most (principal components), as a map to shorter vectors
 * of unit length.
 *
 * @param mean of the embeddings
 * @param axes orthonormal
 */
record Projection(float[] mean, float[][] axes) {
  /* Neighbours are found better in 96 directions than in all 384: out of fold the cosine of the
   * full vectors gave a lower curve on all three sets, and 48 directions did too. */
  private static final int AXES_MAX = 96;
  private static final int ROUNDS = 30;

  /** {@return the principal components, by orthogonal iteration from a fixed start} */
  static Projection of(List<float[]> vectors) {
    int width = vectors.getFirst().length;
    int count = Math.min(AXES_MAX, width);
    float[] mean = new float[width];
    for (float[] vector : vectors) {
      for (int i = 0; i < width; i++) {
        mean[i] += vector[i] / vectors.size();
      }
    }
    double[][] covariance = covariance(vectors, mean);
    Random random = new Random(1);
    double[][] axes = new double[count][width];
    for (double[] axis : axes) {
      for (int i = 0; i < width; i++) {
        axis[i] = random.nextGaussian();
      }
    }
    orthonormalise(axes);
    for (int round = 0; round < ROUNDS; round++) {
      for (int a = 0; a < count; a++) {
        axes[a] = times(covariance, axes[a]);
      }
      orthonormalise(axes);
    }
    float[][] rounded = new float[count][width];
    for (int a = 0; a < count; a++) {
      for (int i = 0; i < width; i++) {
        rounded[a][i] = (float) axes[a][i];
      }
    }
    return new Projection(mean, rounded);
  }

  private static double[][] covariance(List<float[]> vectors, float[] mean) {
    int width = mean.length;
    double[][] covariance = new double[width][width];
    for (float[] vector : vectors) {
      for (int i = 0; i < width; i++) {
        double value = vector[i] - mean[i];
        for (int j = 0; j <= i; j++) {
          covariance[i][j] += value * (vector[j] - mean[j]) / vectors.size();
        }
      }
    }
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < i; j++) {
        covariance[j][i] = covariance[i][j];
      }
    }
    return covariance;
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      product[i] = dot(matrix[i], vector);
    }
    return product;
  }

  /** Gram and Schmidt; a direction that the others span is left as zeros. */
  private static void orthonormalise(double[][] axes) {
    for (int a = 0; a < axes.length; a++) {
      for (int b = 0; b < a; b++) {
        double along = dot(axes[a], axes[b]);
        for (int i = 0; i < axes[a].length; i++) {
          axes[a][i] -= along * axes[b][i];
        }
      }
      double length = Math.sqrt(dot(axes[a], axes[a]));
      for (int i = 0; i < axes[a].length; i++) {
        axes[a][i] = length < 1e-12 ? 0 : axes[a][i] / length;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  float[] of(float[] vector) {
    float[] centred = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      centred[i] = vector[i] - mean[i];
    }
    float[] projected = new float[axes.length];
    double square = 0;
    for (int a = 0; a < axes.length; a++) {
      float sum = Dot.of(axes[a], centred);
      projected[a] = sum;
      square += (double) sum * sum;
    }
    float factor = square == 0 ? 0 : (float) (1 / Math.sqrt(square));
    for (int a = 0; a < projected.length; a++) {
      projected[a] *= factor;
    }
    return projected;
  }
}
