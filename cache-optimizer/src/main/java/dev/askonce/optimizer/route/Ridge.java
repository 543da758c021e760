package dev.askonce.optimizer.route;

/**
 * Least squares with a penalty on the weights' squares (Hoerl and Kennard 1970), for several
 * targets at once; the intercept is free.
 */
final class Ridge {
  private final int width;
  private final double[] rowMean;
  private final double[] targetMean;
  private final double[][] gram;
  private final double[][] moments;

  /**
   * Sums up the data; solving is cheap after that.
   *
   * @param rows of one length
   * @param targets of each row, of one length
   */
  Ridge(float[][] rows, double[][] targets) {
    width = rows[0].length;
    int outputs = targets[0].length;
    rowMean = new double[width];
    targetMean = new double[outputs];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < width; j++) {
        rowMean[j] += rows[i][j] / rows.length;
      }
      for (int k = 0; k < outputs; k++) {
        targetMean[k] += targets[i][k] / rows.length;
      }
    }
    gram = new double[width][width];
    moments = new double[outputs][width];
    double[] centred = new double[width];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < width; j++) {
        centred[j] = rows[i][j] - rowMean[j];
      }
      for (int j = 0; j < width; j++) {
        double value = centred[j];
        double[] line = gram[j];
        for (int l = 0; l <= j; l++) {
          line[l] += value * centred[l];
        }
      }
      for (int k = 0; k < outputs; k++) {
        double target = targets[i][k] - targetMean[k];
        double[] line = moments[k];
        for (int j = 0; j < width; j++) {
          line[j] += target * centred[j];
        }
      }
    }
  }

  /** {@return one score for each target} */
  LinearScore[] solve(double penalty) {
    double[][] factor = cholesky(penalty);
    LinearScore[] scores = new LinearScore[moments.length];
    for (int k = 0; k < scores.length; k++) {
      double[] weights = substitute(factor, moments[k]);
      double bias = targetMean[k];
      float[] rounded = new float[width];
      for (int j = 0; j < width; j++) {
        bias -= weights[j] * rowMean[j];
        rounded[j] = (float) weights[j];
      }
      scores[k] = new LinearScore(rounded, (float) bias);
    }
    return scores;
  }

  private double[][] cholesky(double penalty) {
    double[][] factor = new double[width][];
    for (int i = 0; i < width; i++) {
      factor[i] = gram[i].clone();
      factor[i][i] += penalty;
      for (int j = 0; j <= i; j++) {
        double sum = factor[i][j];
        for (int k = 0; k < j; k++) {
          sum -= factor[i][k] * factor[j][k];
        }
        factor[i][j] = i == j ? Math.sqrt(sum) : sum / factor[j][j];
      }
    }
    return factor;
  }

  private static double[] substitute(double[][] factor, double[] right) {
    double[] x = right.clone();
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= factor[i][k] * x[k];
      }
      x[i] /= factor[i][i];
    }
    for (int i = x.length - 1; i >= 0; i--) {
      for (int k = i + 1; k < x.length; k++) {
        x[i] -= factor[k][i] * x[k];
      }
      x[i] /= factor[i][i];
    }
    return x;
  }
}
