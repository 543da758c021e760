package dev.askonce.engine.internal.kernel;

import dev.askonce.engine.internal.base.Memory;

/** The specification of {@link Kernel}, and the kernel of machines without SIMD. */
public final class ScalarKernel implements Kernel {
  @Override
  public float dot(float[] query, long address) {
    float even = 0;
    float odd = 0;
    int i = 0;
    // Two sums halve the chain of dependent additions, which is what bounds scalar code.
    for (; i + 1 < query.length; i += 2) {
      long at = address + ((long) i << 2);
      even = Math.fma(query[i], Memory.getFloat(at), even);
      odd = Math.fma(query[i + 1], Memory.getFloat(at + 4), odd);
    }
    if (i < query.length) {
      even = Math.fma(query[i], Memory.getFloat(address + ((long) i << 2)), even);
    }
    return even + odd;
  }

  @Override
  public void dot4(float[] query, long a, long b, long c, long d, float[] result) {
    result[0] = dot(query, a);
    result[1] = dot(query, b);
    result[2] = dot(query, c);
    result[3] = dot(query, d);
  }
}
