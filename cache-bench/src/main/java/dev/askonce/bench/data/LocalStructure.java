package dev.askonce.bench.data;

import java.util.Arrays;

/**
 * How near the neighbours of a set's vectors are, over a sample: the cosines to the nearest and to
 * the tenth, ascending, and the intrinsic dimension.
 *
 * @param nearest cosines to the nearest other vector
 * @param tenth cosines to the tenth nearest
 * @param intrinsicDimension the maximum-likelihood estimate of Levina and Bickel (2004) over ten
 *     neighbours, averaged as MacKay and Ghahramani (2005) correct it
 */
public record LocalStructure(float[] nearest, float[] tenth, double intrinsicDimension) {
  /** Neighbours that are looked at. */
  public static final int DEPTH = 10;

  /** {@return what a search of {@link #DEPTH} neighbours, each query itself excluded, says} */
  static LocalStructure of(Nearest found) {
    return new LocalStructure(
        sorted(found, 0), sorted(found, DEPTH - 1), intrinsicDimension(found));
  }

  private static float[] sorted(Nearest found, int rank) {
    float[] cosines = new float[found.queryCount()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = found.cosine(i, rank);
    }
    Arrays.sort(cosines);
    return cosines;
  }

  private static double intrinsicDimension(Nearest found) {
    double logs = 0;
    long count = 0;
    for (int query = 0; query < found.queryCount(); query++) {
      double outer = distance(found.cosine(query, DEPTH - 1));
      for (int rank = 0; rank < DEPTH - 1; rank++) {
        double inner = distance(found.cosine(query, rank));
        if (inner > 0) {
          logs += Math.log(outer / inner);
          count++;
        }
      }
    }
    return count / logs;
  }

  private static double distance(float cosine) {
    // Nearer than floats can tell apart: a copy, which says nothing about the dimension.
    return cosine > 1 - 1e-5 ? 0 : Math.sqrt(2 - 2.0 * cosine);
  }

  /**
   * {@return the Kolmogorov-Smirnov distance of two samples, ascending: the widest gap between
   * their cumulative distributions}
   */
  public static double kolmogorovSmirnov(float[] a, float[] b) {
    double widest = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      float value = Math.min(a[i], b[j]);
      for (; i < a.length && a[i] == value; i++) {}
      for (; j < b.length && b[j] == value; j++) {}
      widest = Math.max(widest, Math.abs((double) i / a.length - (double) j / b.length));
    }
    return widest;
  }
}
