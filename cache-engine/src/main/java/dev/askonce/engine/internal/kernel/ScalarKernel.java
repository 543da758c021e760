package dev.askonce.engine.internal.kernel;

import dev.askonce.engine.internal.base.Memory;
import java.util.Arrays;

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
  public float dot(long a, long b, int dimension) {
    float even = 0;
    float odd = 0;
    int i = 0;
    for (; i + 1 < dimension; i += 2) {
      long at = (long) i << 2;
      even = Math.fma(Memory.getFloat(a + at), Memory.getFloat(b + at), even);
      odd = Math.fma(Memory.getFloat(a + at + 4), Memory.getFloat(b + at + 4), odd);
    }
    if (i < dimension) {
      long at = (long) i << 2;
      even = Math.fma(Memory.getFloat(a + at), Memory.getFloat(b + at), even);
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

  @Override
  public float squares(float[] vector) {
    double sum = 0;
    for (float component : vector) {
      sum += (double) component * component;
    }
    return (float) sum;
  }

  @Override
  public void scale(float[] from, float factor, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i] * factor;
    }
  }

  @Override
  public void permute(float[] from, int[] order, float[] signs, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from[order[i]] * signs[i];
    }
  }

  @Override
  public void mix(float[] values, int start, int length, int stages, float scale) {
    int stride = length / 2;
    for (int stage = 1; stage < stages; stage++, stride /= 2) {
      butterflies(values, start, length, stride, 1);
    }
    butterflies(values, start, length, stride, scale);
  }

  private static void butterflies(float[] values, int start, int length, int stride, float scale) {
    for (int block = start; block < start + length; block += 2 * stride) {
      for (int i = block; i < block + stride; i++) {
        float u = values[i];
        float v = values[i + stride];
        values[i] = (u + v) * scale;
        values[i + stride] = (u - v) * scale;
      }
    }
  }

  @Override
  public void quantise(float[] rotated, QueryPlanes query) {
    float largest = 0;
    for (float component : rotated) {
      largest = Math.max(largest, Math.abs(component));
    }
    query.scale(largest);
    quantise(rotated, 0, largest, query);
  }

  /** Quantises the words from {@code firstWord} on. */
  static void quantise(float[] rotated, int firstWord, float largest, QueryPlanes query) {
    float scale = 0.5f * QueryPlanes.LEVEL_MAX / largest;
    int[] planes = query.planes();
    int[] bits = new int[QueryPlanes.PLANES];
    for (int word = firstWord; word < query.words(); word++) {
      Arrays.fill(bits, 0);
      int end = Math.min(rotated.length, (word + 1) * Integer.SIZE);
      for (int i = word * Integer.SIZE; i < end; i++) {
        int level = Math.clamp((int) Math.fma(rotated[i], scale, 8f), 0, QueryPlanes.LEVEL_MAX);
        for (int plane = 0; plane < QueryPlanes.PLANES; plane++) {
          bits[plane] |= (level >>> plane & 1) << i;
        }
      }
      for (int plane = 0; plane < QueryPlanes.PLANES; plane++) {
        int at = QueryPlanes.index(word, plane);
        Arrays.fill(planes, at, at + QueryPlanes.REPEAT, bits[plane]);
      }
    }
  }

  @Override
  public void estimate(long group, QueryPlanes query, float[] estimates) {
    int[] planes = query.planes();
    for (int lane = 0; lane < CodeGroup.LANES; lane++) {
      long at = group + ((long) lane << 2);
      int sum = 0;
      for (int word = 0; word < query.words(); word++) {
        int signs = Memory.getInt(at + (long) (word + 1) * CodeGroup.ROW);
        for (int plane = 0; plane < QueryPlanes.PLANES; plane++) {
          sum += Integer.bitCount(signs ^ planes[QueryPlanes.index(word, plane)]) << plane;
        }
      }
      estimates[lane] = Math.fma(sum, -query.step, query.base) * Memory.getFloat(at);
    }
  }

  @Override
  public int reaching(float[] estimates, float floor) {
    int mask = 0;
    for (int lane = 0; lane < CodeGroup.LANES; lane++) {
      mask |= estimates[lane] >= floor ? 1 << lane : 0;
    }
    return mask;
  }
}
