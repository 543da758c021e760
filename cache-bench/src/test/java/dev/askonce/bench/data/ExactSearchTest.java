package dev.askonce.bench.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactSearchTest {
  private static final int DEPTH = 3;

  static float[][] vectors(int count, int dimension, Random random) {
    float[][] vectors = new float[count][dimension];
    for (float[] vector : vectors) {
      for (int i = 0; i < dimension; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      Vectors.normalise(vector);
    }
    return vectors;
  }

  private static MemorySegment flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * rows[i].length, rows[i].length);
    }
    return MemorySegment.ofArray(flat);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 8", "5, 3, 17", "700, 100, 384", "20000, 7, 10"})
  void nearest_areThoseOfComparingOneByOne(int rowCount, int queryCount, int dimension) {
    Random random = new Random(rowCount);
    float[][] rows = vectors(rowCount, dimension, random);
    float[][] queries = vectors(queryCount, dimension, random);
    long[] excluded = new long[queryCount];
    Arrays.setAll(excluded, i -> i % 2 == 0 ? random.nextInt(rowCount) : ExactSearch.NONE);
    Nearest nearest = new ExactSearch(flat(rows), dimension).nearest(queries, excluded, DEPTH);
    for (int q = 0; q < queryCount; q++) {
      double[] best = new double[rowCount];
      for (int i = 0; i < rowCount; i++) {
        best[i] = i == excluded[q] ? 2 : -Vectors.dot(rows[i], queries[q]);
      }
      Arrays.sort(best);
      for (int rank = 0; rank < DEPTH; rank++) {
        if (rank < rowCount && best[rank] < 2) {
          assertEquals(-best[rank], nearest.cosine(q, rank), 1e-5);
          assertEquals(
              nearest.cosine(q, rank),
              Vectors.dot(rows[(int) nearest.id(q, rank)], queries[q]),
              1e-5);
        } else {
          assertEquals(-1, nearest.id(q, rank));
        }
      }
    }
  }

  @Test
  void axes_areOrthonormal_andLeadBack() {
    Random random = new Random(5);
    // Fewer vectors than dimensions, so that some axes have nothing on them.
    float[][] sample = vectors(40, 51, random);
    float[][] coordinates = Axes.of(sample).coordinates(sample);
    float[][] back = Axes.of(sample).vectors(coordinates);
    for (int i = 0; i < sample.length; i++) {
      assertEquals(1, Vectors.dot(sample[i], back[i]), 1e-5);
      for (int j = 0; j < i; j++) {
        assertEquals(
            Vectors.dot(sample[i], sample[j]), Vectors.dot(coordinates[i], coordinates[j]), 1e-5);
      }
    }
  }

  @Test
  void axes_comeWidestFirst() {
    Random random = new Random(6);
    float[][] sample = vectors(2000, 6, random);
    for (float[] vector : sample) {
      for (int i = 0; i < 6; i++) {
        vector[i] *= 1 << i;
      }
      Vectors.normalise(vector);
    }
    float[][] coordinates = Axes.of(sample).coordinates(sample);
    double wider = Double.POSITIVE_INFINITY;
    for (int axis = 1; axis < 6; axis++) {
      double variance = 0;
      for (float[] point : coordinates) {
        variance += (double) point[axis] * point[axis];
      }
      assertTrue(variance <= wider * 1.001, "axis " + axis);
      wider = variance;
    }
  }

  @Test
  void kolmogorovSmirnov_isTheWidestGap() {
    float[] a = {1, 2, 3, 4};
    assertEquals(0, LocalStructure.kolmogorovSmirnov(a, a));
    assertEquals(1, LocalStructure.kolmogorovSmirnov(a, new float[] {5, 6}));
    assertEquals(0.5, LocalStructure.kolmogorovSmirnov(a, new float[] {3, 4}));
    assertEquals(0.25, LocalStructure.kolmogorovSmirnov(a, new float[] {1, 2, 3, 3}));
  }
}
