package dev.askonce.engine.internal.kernel;

import dev.askonce.engine.internal.base.Memory;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernel} with the Vector API, at the width the machine prefers. */
public final class SimdKernel implements Kernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  @Override
  public float dot(float[] query, long address) {
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector sum2 = FloatVector.zero(SPECIES);
    FloatVector sum3 = FloatVector.zero(SPECIES);
    int i = 0;
    // Four sums: a fused multiply-add takes about four cycles and two can start in each.
    for (int limit = query.length - 4 * LANES; i <= limit; i += 4 * LANES) {
      long at = address + ((long) i << 2);
      sum0 = fma(query, i, at, sum0);
      sum1 = fma(query, i + LANES, at + 4L * LANES, sum1);
      sum2 = fma(query, i + 2 * LANES, at + 8L * LANES, sum2);
      sum3 = fma(query, i + 3 * LANES, at + 12L * LANES, sum3);
    }
    for (int limit = query.length - LANES; i <= limit; i += LANES) {
      sum0 = fma(query, i, address + ((long) i << 2), sum0);
    }
    float sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
    return i == query.length ? sum : sum + tail(query, i, address);
  }

  @Override
  public void dot4(float[] query, long a, long b, long c, long d, float[] result) {
    FloatVector sumA = FloatVector.zero(SPECIES);
    FloatVector sumB = FloatVector.zero(SPECIES);
    FloatVector sumC = FloatVector.zero(SPECIES);
    FloatVector sumD = FloatVector.zero(SPECIES);
    int i = 0;
    for (int limit = query.length - LANES; i <= limit; i += LANES) {
      FloatVector part = FloatVector.fromArray(SPECIES, query, i);
      long offset = (long) i << 2;
      sumA = load(a + offset).fma(part, sumA);
      sumB = load(b + offset).fma(part, sumB);
      sumC = load(c + offset).fma(part, sumC);
      sumD = load(d + offset).fma(part, sumD);
    }
    result[0] = sumA.reduceLanes(VectorOperators.ADD) + tail(query, i, a);
    result[1] = sumB.reduceLanes(VectorOperators.ADD) + tail(query, i, b);
    result[2] = sumC.reduceLanes(VectorOperators.ADD) + tail(query, i, c);
    result[3] = sumD.reduceLanes(VectorOperators.ADD) + tail(query, i, d);
  }

  private static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(SPECIES, Memory.ALL, address, ORDER);
  }

  private static FloatVector fma(float[] query, int index, long address, FloatVector sum) {
    return load(address).fma(FloatVector.fromArray(SPECIES, query, index), sum);
  }

  private static float tail(float[] query, int from, long address) {
    float sum = 0;
    for (int i = from; i < query.length; i++) {
      sum = Math.fma(query[i], Memory.getFloat(address + ((long) i << 2)), sum);
    }
    return sum;
  }
}
