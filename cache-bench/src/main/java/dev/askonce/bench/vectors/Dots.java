package dev.askonce.bench.vectors;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dot products of vectors in native memory, which on unit vectors are cosines. Addresses are not
 * checked.
 */
final class Dots {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private Dots() {}

  static float dot(long a, long b, int dimension) {
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector sum2 = FloatVector.zero(SPECIES);
    FloatVector sum3 = FloatVector.zero(SPECIES);
    int i = 0;
    for (int limit = dimension - 4 * LANES; i <= limit; i += 4 * LANES) {
      sum0 = load(a, i).fma(load(b, i), sum0);
      sum1 = load(a, i + LANES).fma(load(b, i + LANES), sum1);
      sum2 = load(a, i + 2 * LANES).fma(load(b, i + 2 * LANES), sum2);
      sum3 = load(a, i + 3 * LANES).fma(load(b, i + 3 * LANES), sum3);
    }
    for (int limit = dimension - LANES; i <= limit; i += LANES) {
      sum0 = load(a, i).fma(load(b, i), sum0);
    }
    return total(sum0.add(sum1).add(sum2.add(sum3)), a, b, i, dimension);
  }

  /**
   * Four queries against two entries: six loads for eight multiplications, where one by one it is
   * sixteen.
   *
   * @param queries addresses of the four
   * @param sums set to the four products with {@code entry0}, then the four with {@code entry1}
   */
  static void dot4x2(long[] queries, long entry0, long entry1, int dimension, float[] sums) {
    long q0 = queries[0];
    long q1 = queries[1];
    long q2 = queries[2];
    long q3 = queries[3];
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    int i = 0;
    for (int limit = dimension - LANES; i <= limit; i += LANES) {
      FloatVector e0 = load(entry0, i);
      FloatVector e1 = load(entry1, i);
      FloatVector q = load(q0, i);
      s00 = e0.fma(q, s00);
      s01 = e1.fma(q, s01);
      q = load(q1, i);
      s10 = e0.fma(q, s10);
      s11 = e1.fma(q, s11);
      q = load(q2, i);
      s20 = e0.fma(q, s20);
      s21 = e1.fma(q, s21);
      q = load(q3, i);
      s30 = e0.fma(q, s30);
      s31 = e1.fma(q, s31);
    }
    sums[0] = total(s00, q0, entry0, i, dimension);
    sums[1] = total(s10, q1, entry0, i, dimension);
    sums[2] = total(s20, q2, entry0, i, dimension);
    sums[3] = total(s30, q3, entry0, i, dimension);
    sums[4] = total(s01, q0, entry1, i, dimension);
    sums[5] = total(s11, q1, entry1, i, dimension);
    sums[6] = total(s21, q2, entry1, i, dimension);
    sums[7] = total(s31, q3, entry1, i, dimension);
  }

  private static FloatVector load(long address, int index) {
    return FloatVector.fromMemorySegment(
        SPECIES, ALL, address + ((long) index << 2), ByteOrder.LITTLE_ENDIAN);
  }

  /** Adds up the lanes, and what is left of the two vectors from {@code from}. */
  private static float total(FloatVector lanes, long a, long b, int from, int dimension) {
    float sum = lanes.reduceLanes(VectorOperators.ADD);
    for (int i = from; i < dimension; i++) {
      sum = Math.fma(element(a, i), element(b, i), sum);
    }
    return sum;
  }

  private static float element(long address, int index) {
    return ALL.get(Vectors.FLOAT, address + ((long) index << 2));
  }
}
