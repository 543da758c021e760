package dev.askonce.engine.internal.kernel;

import dev.askonce.engine.internal.base.Memory;

/**
 * A unit vector in one bit a component and one factor: RaBitQ (Gao and Long, 2024) without a
 * centroid. The vector is rotated; its signs <i>s</i> are kept; the dot product with a query
 * <i>q</i> is estimated as ⟨q, s⟩ / ⟨x, s⟩, of which the factor is the second part's inverse.
 *
 * <p>The estimate has no bias; its error is {@link QueryPlanes#error}: 0.018 at cosine 0.9 and 384
 * components.
 *
 * <p>Not thread-safe.
 */
public final class VectorCode {
  private final int[] signs;
  private float factor;

  public VectorCode(int dimension) {
    signs = new int[CodeGroup.words(dimension)];
  }

  /** Sets the code of a rotated unit vector. */
  void set(float[] rotated) {
    float sum = 0;
    for (int word = 0; word < signs.length; word++) {
      int bits = 0;
      int end = Math.min(rotated.length, (word + 1) * Integer.SIZE);
      for (int i = word * Integer.SIZE; i < end; i++) {
        bits |= rotated[i] >= 0 ? 1 << i : 0;
        sum += Math.abs(rotated[i]);
      }
      signs[word] = bits;
    }
    factor = 1 / sum;
  }

  int[] signs() {
    return signs;
  }

  float factor() {
    return factor;
  }

  /** {@return the length of a stored code: its factor, then its words} */
  public static int bytes(int words) {
    return Integer.BYTES * (1 + words);
  }

  /** Writes the code to off-heap memory. */
  public void store(long address) {
    Memory.putFloat(address, factor);
    for (int i = 0; i < signs.length; i++) {
      Memory.putInt(address + ((i + 1L) << 2), signs[i]);
    }
  }
}
