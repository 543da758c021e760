package dev.askonce.bench.data;

import java.util.Arrays;

/**
 * Principal axes by one-sided Jacobi turns (Hestenes 1958): the rows of a symmetric matrix are
 * turned in pairs until all are at right angles to each other, and are its eigenvectors then, each
 * as long as its eigenvalue.
 */
final class Jacobi {
  /* Rows lie in memory one after another, so every turn is two straight passes: 384 dimensions take
   * a second, 1,024 ten. What the axes are for does not need them to be exact.
   */
  private static final int SWEEPS_MAX = 12;
  private static final double ORTHOGONAL = 1e-4;

  private Jacobi() {}

  /** Turns the rows of a symmetric matrix, in place. */
  static void makeOrthogonal(double[][] rows) {
    for (int sweep = 0; sweep < SWEEPS_MAX && turnAll(rows); sweep++) {}
  }

  /** {@return whether a pair was not at right angles} */
  private static boolean turnAll(double[][] rows) {
    double[] squares = new double[rows.length];
    Arrays.setAll(squares, i -> dot(rows[i], rows[i]));
    boolean turned = false;
    for (int i = 0; i < rows.length; i++) {
      for (int j = i + 1; j < rows.length; j++) {
        turned |= turn(rows, i, j, squares);
      }
    }
    return turned;
  }

  private static boolean turn(double[][] rows, int i, int j, double[] squares) {
    double across = dot(rows[i], rows[j]);
    if (!(across * across > ORTHOGONAL * ORTHOGONAL * squares[i] * squares[j])) {
      return false;
    }
    double zeta = (squares[j] - squares[i]) / (2 * across);
    double tangent = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
    double cosine = 1 / Math.sqrt(1 + tangent * tangent);
    turn(rows[i], rows[j], cosine, cosine * tangent);
    squares[i] -= tangent * across;
    squares[j] += tangent * across;
    return true;
  }

  private static void turn(double[] a, double[] b, double cosine, double sine) {
    for (int i = 0; i < a.length; i++) {
      double x = a[i];
      double y = b[i];
      a[i] = cosine * x - sine * y;
      b[i] = sine * x + cosine * y;
    }
  }

  static double dot(double[] a, double[] b) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    // Four sums: one alone would wait for each addition.
    for (; i < a.length - 3; i += 4) {
      sum0 = Math.fma(a[i], b[i], sum0);
      sum1 = Math.fma(a[i + 1], b[i + 1], sum1);
      sum2 = Math.fma(a[i + 2], b[i + 2], sum2);
      sum3 = Math.fma(a[i + 3], b[i + 3], sum3);
    }
    for (; i < a.length; i++) {
      sum0 = Math.fma(a[i], b[i], sum0);
    }
    return sum0 + sum1 + (sum2 + sum3);
  }
}
