package dev.askonce.training;

/**
 * Logistic regression by Newton's method: the factors that make the probability of label 1 of a few
 * features most likely.
 */
final class LogisticFit {
  private static final int ITERATIONS = 30;
  private static final double RIDGE = 1e-6;

  private LogisticFit() {}

  /**
   * {@return the intercept, then one factor for each feature}
   *
   * @param features one row a pair
   */
  static double[] fit(double[][] features, int[] labels) {
    int count = features[0].length + 1;
    double[] factors = new double[count];
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      double[] gradient = new double[count];
      double[][] curvature = new double[count][count];
      for (int i = 0; i < count; i++) {
        curvature[i][i] = RIDGE;
      }
      for (int row = 0; row < features.length; row++) {
        double probability = probability(factors, features[row]);
        double weight = probability * (1 - probability);
        for (int i = 0; i < count; i++) {
          double x = feature(features[row], i);
          gradient[i] += (labels[row] - probability) * x;
          for (int j = 0; j < count; j++) {
            curvature[i][j] += weight * x * feature(features[row], j);
          }
        }
      }
      double[] step = solved(curvature, gradient);
      for (int i = 0; i < count; i++) {
        factors[i] += step[i];
      }
    }
    return factors;
  }

  static double probability(double[] factors, double[] features) {
    double sum = 0;
    for (int i = 0; i < factors.length; i++) {
      sum += factors[i] * feature(features, i);
    }
    return 1 / (1 + Math.exp(-sum));
  }

  private static double feature(double[] features, int i) {
    return i == 0 ? 1 : features[i - 1];
  }

  /** Gaussian elimination of a positive definite system; overwrites both. */
  private static double[] solved(double[][] matrix, double[] right) {
    int count = right.length;
    for (int pivot = 0; pivot < count; pivot++) {
      for (int row = pivot + 1; row < count; row++) {
        double factor = matrix[row][pivot] / matrix[pivot][pivot];
        for (int i = pivot; i < count; i++) {
          matrix[row][i] -= factor * matrix[pivot][i];
        }
        right[row] -= factor * right[pivot];
      }
    }
    for (int row = count - 1; row >= 0; row--) {
      for (int i = row + 1; i < count; i++) {
        right[row] -= matrix[row][i] * right[i];
      }
      right[row] /= matrix[row][row];
    }
    return right;
  }
}
