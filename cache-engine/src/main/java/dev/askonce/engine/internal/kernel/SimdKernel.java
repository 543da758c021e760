package dev.askonce.engine.internal.kernel;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.F2I;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.askonce.engine.internal.base.Memory;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernel} with the Vector API, at the width the machine prefers. */
public final class SimdKernel implements Kernel {
  /*
   * No vector crosses a call to a method of ours. The compiler inlines the Vector API's methods
   * whatever their size, but ours only up to a limit that these use up; a vector that crosses a
   * call which is not inlined is allocated: 4 kB a search, once.
   *
   * What reads off the heap begins with Memory.mayFault, a nanosecond.
   */
  /** The layout of codes is for registers of up to 16 lanes. */
  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
  private static final int LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final Kernel SCALAR = new ScalarKernel();

  @Override
  public float dot(float[] query, long address) {
    Memory.mayFault(address);
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector sum2 = FloatVector.zero(SPECIES);
    FloatVector sum3 = FloatVector.zero(SPECIES);
    int i = 0;
    // Four sums: a fused multiply-add takes about four cycles and two can start in each.
    for (int limit = query.length - 4 * LANES; i <= limit; i += 4 * LANES) {
      long at = address + ((long) i << 2);
      sum0 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, at, ORDER)
              .fma(FloatVector.fromArray(SPECIES, query, i), sum0);
      sum1 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, at + 4L * LANES, ORDER)
              .fma(FloatVector.fromArray(SPECIES, query, i + LANES), sum1);
      sum2 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, at + 8L * LANES, ORDER)
              .fma(FloatVector.fromArray(SPECIES, query, i + 2 * LANES), sum2);
      sum3 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, at + 12L * LANES, ORDER)
              .fma(FloatVector.fromArray(SPECIES, query, i + 3 * LANES), sum3);
    }
    for (int limit = query.length - LANES; i <= limit; i += LANES) {
      sum0 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, address + ((long) i << 2), ORDER)
              .fma(FloatVector.fromArray(SPECIES, query, i), sum0);
    }
    float sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
    return i == query.length ? sum : sum + tail(query, i, address);
  }

  @Override
  public void dot4(float[] query, long a, long b, long c, long d, float[] result) {
    Memory.mayFault(a);
    FloatVector sumA = FloatVector.zero(SPECIES);
    FloatVector sumB = FloatVector.zero(SPECIES);
    FloatVector sumC = FloatVector.zero(SPECIES);
    FloatVector sumD = FloatVector.zero(SPECIES);
    int i = 0;
    for (int limit = query.length - LANES; i <= limit; i += LANES) {
      FloatVector part = FloatVector.fromArray(SPECIES, query, i);
      long offset = (long) i << 2;
      sumA = FloatVector.fromMemorySegment(SPECIES, Memory.ALL, a + offset, ORDER).fma(part, sumA);
      sumB = FloatVector.fromMemorySegment(SPECIES, Memory.ALL, b + offset, ORDER).fma(part, sumB);
      sumC = FloatVector.fromMemorySegment(SPECIES, Memory.ALL, c + offset, ORDER).fma(part, sumC);
      sumD = FloatVector.fromMemorySegment(SPECIES, Memory.ALL, d + offset, ORDER).fma(part, sumD);
    }
    result[0] = sumA.reduceLanes(ADD) + tail(query, i, a);
    result[1] = sumB.reduceLanes(ADD) + tail(query, i, b);
    result[2] = sumC.reduceLanes(ADD) + tail(query, i, c);
    result[3] = sumD.reduceLanes(ADD) + tail(query, i, d);
  }

  @Override
  public float dot(long a, long b, int dimension) {
    Memory.mayFault(a);
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector sum2 = FloatVector.zero(SPECIES);
    FloatVector sum3 = FloatVector.zero(SPECIES);
    int i = 0;
    for (int limit = dimension - 4 * LANES; i <= limit; i += 4 * LANES) {
      long at = (long) i << 2;
      sum0 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, a + at, ORDER)
              .fma(FloatVector.fromMemorySegment(SPECIES, Memory.ALL, b + at, ORDER), sum0);
      sum1 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, a + at + 4L * LANES, ORDER)
              .fma(
                  FloatVector.fromMemorySegment(SPECIES, Memory.ALL, b + at + 4L * LANES, ORDER),
                  sum1);
      sum2 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, a + at + 8L * LANES, ORDER)
              .fma(
                  FloatVector.fromMemorySegment(SPECIES, Memory.ALL, b + at + 8L * LANES, ORDER),
                  sum2);
      sum3 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, a + at + 12L * LANES, ORDER)
              .fma(
                  FloatVector.fromMemorySegment(SPECIES, Memory.ALL, b + at + 12L * LANES, ORDER),
                  sum3);
    }
    for (int limit = dimension - LANES; i <= limit; i += LANES) {
      long at = (long) i << 2;
      sum0 =
          FloatVector.fromMemorySegment(SPECIES, Memory.ALL, a + at, ORDER)
              .fma(FloatVector.fromMemorySegment(SPECIES, Memory.ALL, b + at, ORDER), sum0);
    }
    float sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
    for (; i < dimension; i++) {
      long at = (long) i << 2;
      sum = Math.fma(Memory.getFloat(a + at), Memory.getFloat(b + at), sum);
    }
    return sum;
  }

  @Override
  public float squares(float[] vector) {
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    int i = 0;
    for (int limit = vector.length - 2 * LANES; i <= limit; i += 2 * LANES) {
      FloatVector part = FloatVector.fromArray(SPECIES, vector, i);
      sum0 = part.fma(part, sum0);
      part = FloatVector.fromArray(SPECIES, vector, i + LANES);
      sum1 = part.fma(part, sum1);
    }
    float sum = sum0.add(sum1).reduceLanes(ADD);
    for (; i < vector.length; i++) {
      sum = Math.fma(vector[i], vector[i], sum);
    }
    return sum;
  }

  @Override
  public void scale(float[] from, float factor, float[] to) {
    int i = 0;
    for (int limit = to.length - LANES; i <= limit; i += LANES) {
      FloatVector.fromArray(SPECIES, from, i).mul(factor).intoArray(to, i);
    }
    for (; i < to.length; i++) {
      to[i] = from[i] * factor;
    }
  }

  @Override
  public void permute(float[] from, int[] order, float[] signs, float[] to) {
    int i = 0;
    for (int limit = to.length - LANES; i <= limit; i += LANES) {
      FloatVector.fromArray(SPECIES, from, 0, order, i)
          .mul(FloatVector.fromArray(SPECIES, signs, i))
          .intoArray(to, i);
    }
    for (; i < to.length; i++) {
      to[i] = from[order[i]] * signs[i];
    }
  }

  @Override
  public void mix(float[] values, int start, int length, int stages, float scale) {
    if (stages != 4 || length >> stages < LANES) {
      SCALAR.mix(values, start, length, stages, scale);
      return;
    }
    twoStages(values, start, length, length / 4, 1);
    twoStages(values, start, length, length / 16, scale);
  }

  /** Pairs at twice the stride, then at the stride. */
  private static void twoStages(float[] values, int start, int length, int stride, float scale) {
    for (int block = start; block < start + length; block += 4 * stride) {
      for (int i = block; i < block + stride; i += LANES) {
        FloatVector a = FloatVector.fromArray(SPECIES, values, i);
        FloatVector b = FloatVector.fromArray(SPECIES, values, i + stride);
        FloatVector c = FloatVector.fromArray(SPECIES, values, i + 2 * stride);
        FloatVector d = FloatVector.fromArray(SPECIES, values, i + 3 * stride);
        FloatVector u = a.add(c);
        FloatVector v = b.add(d);
        u.add(v).mul(scale).intoArray(values, i);
        u.sub(v).mul(scale).intoArray(values, i + stride);
        u = a.sub(c);
        v = b.sub(d);
        u.add(v).mul(scale).intoArray(values, i + 2 * stride);
        u.sub(v).mul(scale).intoArray(values, i + 3 * stride);
      }
    }
  }

  @Override
  public void quantise(float[] rotated, QueryPlanes query) {
    FloatVector most = FloatVector.zero(SPECIES);
    int end = rotated.length / Integer.SIZE * Integer.SIZE;
    for (int i = 0; i < end; i += LANES) {
      most = most.max(FloatVector.fromArray(SPECIES, rotated, i).abs());
    }
    float largest = most.reduceLanes(MAX);
    for (int i = end; i < rotated.length; i++) {
      largest = Math.max(largest, Math.abs(rotated[i]));
    }
    query.scale(largest);
    float scale = 0.5f * QueryPlanes.LEVEL_MAX / largest;
    for (int word = 0; word < end / Integer.SIZE; word++) {
      quantiseWord(rotated, word, scale, query.planes());
    }
    if (end < rotated.length) {
      ScalarKernel.quantise(rotated, end / Integer.SIZE, largest, query);
    }
  }

  private static void quantiseWord(float[] rotated, int word, float scale, int[] planes) {
    int bits0 = 0;
    int bits1 = 0;
    int bits2 = 0;
    int bits3 = 0;
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    FloatVector middle = FloatVector.broadcast(SPECIES, 8f);
    for (int i = 0; i < Integer.SIZE; i += LANES) {
      FloatVector part = FloatVector.fromArray(SPECIES, rotated, word * Integer.SIZE + i);
      IntVector levels =
          ((IntVector) part.fma(scales, middle).convert(F2I, 0)).max(0).min(QueryPlanes.LEVEL_MAX);
      bits0 |= (int) levels.and(1).compare(NE, 0).toLong() << i;
      bits1 |= (int) levels.and(2).compare(NE, 0).toLong() << i;
      bits2 |= (int) levels.and(4).compare(NE, 0).toLong() << i;
      bits3 |= (int) levels.and(8).compare(NE, 0).toLong() << i;
    }
    repeat(bits0, planes, QueryPlanes.index(word, 0));
    repeat(bits1, planes, QueryPlanes.index(word, 1));
    repeat(bits2, planes, QueryPlanes.index(word, 2));
    repeat(bits3, planes, QueryPlanes.index(word, 3));
  }

  private static void repeat(int bits, int[] planes, int at) {
    IntVector all = IntVector.broadcast(INTS, bits);
    for (int i = 0; i < QueryPlanes.REPEAT; i += LANES) {
      all.intoArray(planes, at + i);
    }
  }

  @Override
  public void estimate(long group, QueryPlanes query, float[] estimates) {
    for (int lane = 0; lane < CodeGroup.LANES; lane += 2 * LANES) {
      estimateTwo(group, lane, query, estimates);
    }
  }

  /** Two registers of lanes, so that each load of a plane serves both. */
  private static void estimateTwo(long group, int lane, QueryPlanes query, float[] estimates) {
    Memory.mayFault(group);
    int[] planes = query.planes();
    int words = query.words();
    IntVector low0 = IntVector.zero(INTS);
    IntVector low1 = low0;
    IntVector low2 = low0;
    IntVector low3 = low0;
    IntVector high0 = low0;
    IntVector high1 = low0;
    IntVector high2 = low0;
    IntVector high3 = low0;
    long first = group + ((long) lane << 2);
    for (int word = 0; word < words; word++) {
      long at = first + (long) (word + 1) * CodeGroup.ROW;
      IntVector low = IntVector.fromMemorySegment(INTS, Memory.ALL, at, ORDER);
      IntVector high = IntVector.fromMemorySegment(INTS, Memory.ALL, at + 4L * LANES, ORDER);
      int plane = word * (QueryPlanes.PLANES * QueryPlanes.REPEAT);
      IntVector bits = IntVector.fromArray(INTS, planes, plane);
      low0 = low0.add(low.lanewise(XOR, bits).lanewise(BIT_COUNT));
      high0 = high0.add(high.lanewise(XOR, bits).lanewise(BIT_COUNT));
      bits = IntVector.fromArray(INTS, planes, plane + QueryPlanes.REPEAT);
      low1 = low1.add(low.lanewise(XOR, bits).lanewise(BIT_COUNT));
      high1 = high1.add(high.lanewise(XOR, bits).lanewise(BIT_COUNT));
      bits = IntVector.fromArray(INTS, planes, plane + 2 * QueryPlanes.REPEAT);
      low2 = low2.add(low.lanewise(XOR, bits).lanewise(BIT_COUNT));
      high2 = high2.add(high.lanewise(XOR, bits).lanewise(BIT_COUNT));
      bits = IntVector.fromArray(INTS, planes, plane + 3 * QueryPlanes.REPEAT);
      low3 = low3.add(low.lanewise(XOR, bits).lanewise(BIT_COUNT));
      high3 = high3.add(high.lanewise(XOR, bits).lanewise(BIT_COUNT));
    }
    FloatVector base = FloatVector.broadcast(SPECIES, query.base);
    FloatVector step = FloatVector.broadcast(SPECIES, -query.step);
    IntVector sums =
        low0.add(low1.lanewise(LSHL, 1)).add(low2.lanewise(LSHL, 2)).add(low3.lanewise(LSHL, 3));
    ((FloatVector) sums.convert(I2F, 0))
        .fma(step, base)
        .mul(FloatVector.fromMemorySegment(SPECIES, Memory.ALL, first, ORDER))
        .intoArray(estimates, lane);
    sums =
        high0
            .add(high1.lanewise(LSHL, 1))
            .add(high2.lanewise(LSHL, 2))
            .add(high3.lanewise(LSHL, 3));
    ((FloatVector) sums.convert(I2F, 0))
        .fma(step, base)
        .mul(FloatVector.fromMemorySegment(SPECIES, Memory.ALL, first + 4L * LANES, ORDER))
        .intoArray(estimates, lane + LANES);
  }

  @Override
  public int reaching(float[] estimates, float floor) {
    int mask = 0;
    for (int lane = 0; lane < CodeGroup.LANES; lane += LANES) {
      long part = FloatVector.fromArray(SPECIES, estimates, lane).compare(GE, floor).toLong();
      mask |= (int) part << lane;
    }
    return mask;
  }

  private static float tail(float[] query, int from, long address) {
    float sum = 0;
    for (int i = from; i < query.length; i++) {
      sum = Math.fma(query[i], Memory.getFloat(address + ((long) i << 2)), sum);
    }
    return sum;
  }
}
