package dev.askonce.bench.vectors;

import dev.askonce.bench.data.VectorFile;
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
    float sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
    for (; i < dimension; i++) {
      sum = Math.fma(element(a, i), element(b, i), sum);
    }
    return sum;
  }

  private static FloatVector load(long address, int index) {
    return FloatVector.fromMemorySegment(
        SPECIES, ALL, address + ((long) index << 2), ByteOrder.LITTLE_ENDIAN);
  }

  private static float element(long address, int index) {
    return ALL.get(VectorFile.FLOAT, address + ((long) index << 2));
  }
}
