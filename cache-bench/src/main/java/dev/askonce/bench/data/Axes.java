package dev.askonce.bench.data;

import java.util.Arrays;
import java.util.Comparator;

/**
 * An orthonormal basis of a set's space: first the direction of its mean, then its principal axes
 * across that, widest first. Immutable.
 */
final class Axes {
  private final Matrix onto;
  private final Matrix back;

  private Axes(float[][] rows) {
    onto = new Matrix(rows);
    back = onto.transposed();
  }

  /**
   * {@return the axes of a sample}
   *
   * @param sample at least one unit vector
   */
  static Axes of(float[][] sample) {
    int dimension = sample[0].length;
    float[] mean = mean(sample);
    double[][] moments = new double[dimension][dimension];
    float[] across = new float[dimension];
    for (float[] vector : sample) {
      double along = Vectors.dot(vector, mean);
      for (int i = 0; i < dimension; i++) {
        across[i] = (float) (vector[i] - along * mean[i]);
      }
      for (int i = 0; i < dimension; i++) {
        double[] row = moments[i];
        double factor = across[i];
        for (int j = 0; j < dimension; j++) {
          row[j] += factor * across[j];
        }
      }
    }
    Jacobi.makeOrthogonal(moments);
    Arrays.sort(moments, Comparator.comparingDouble((double[] row) -> -Jacobi.dot(row, row)));
    return new Axes(orthonormal(mean, moments));
  }

  private static float[] mean(float[][] sample) {
    float[] mean = new float[sample[0].length];
    for (float[] vector : sample) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += vector[i];
      }
    }
    if (!(Vectors.norm(mean) > 0)) {
      mean[0] = 1;
    }
    return Vectors.normalise(mean);
  }

  /** Gram and Schmidt; a row that is gone by then is replaced by a component's own axis. */
  private static float[][] orthonormal(float[] mean, double[][] candidates) {
    int dimension = mean.length;
    float[][] rows = new float[dimension][];
    rows[0] = mean;
    int spare = 0;
    for (int i = 1; i < dimension; i++) {
      double[] row = remainder(candidates[i - 1].clone(), rows, i);
      while (row == null) {
        double[] axis = new double[dimension];
        axis[spare++] = 1;
        row = remainder(axis, rows, i);
      }
      rows[i] = new float[dimension];
      for (int j = 0; j < dimension; j++) {
        rows[i][j] = (float) row[j];
      }
    }
    return rows;
  }

  /** {@return what is left of a vector across the first rows, at length 1, or null if nothing} */
  private static double[] remainder(double[] vector, float[][] rows, int count) {
    double before = Math.sqrt(Jacobi.dot(vector, vector));
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < count; i++) {
        double along = 0;
        for (int j = 0; j < vector.length; j++) {
          along += vector[j] * rows[i][j];
        }
        for (int j = 0; j < vector.length; j++) {
          vector[j] -= along * rows[i][j];
        }
      }
    }
    double after = Math.sqrt(Jacobi.dot(vector, vector));
    if (!(after > 1e-3 * before)) {
      return null;
    }
    for (int j = 0; j < vector.length; j++) {
      vector[j] /= after;
    }
    return vector;
  }

  /** {@return the coordinates of vectors on the axes} */
  float[][] coordinates(float[][] vectors) {
    return onto.times(vectors);
  }

  /** {@return the vectors of coordinates} */
  float[][] vectors(float[][] coordinates) {
    return back.times(coordinates);
  }
}
