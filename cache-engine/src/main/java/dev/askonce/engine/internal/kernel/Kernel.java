package dev.askonce.engine.internal.kernel;

/**
 * The arithmetic of a search: dot products of little-endian 32-bit floats (on unit vectors the dot
 * product is the cosine) and estimates of them from 1-bit codes. Implementations differ in the
 * order of floating-point summation only.
 */
public interface Kernel {
  /** {@return the dot product of {@code query} and the vector at {@code address}} */
  float dot(float[] query, long address);

  /** {@return the dot product of the vectors at two addresses} */
  float dot(long a, long b, int dimension);

  /**
   * Four dot products at once: the query is read once for all.
   *
   * @param result its first four elements are set
   */
  void dot4(float[] query, long a, long b, long c, long d, float[] result);

  /** {@return the sum of squares; not finite, or 0, where it is too large or too small for it} */
  float squares(float[] vector);

  /** Sets {@code to[i] = from[i] * factor} for all {@code i}. */
  void scale(float[] from, float factor, float[] to);

  /** Sets {@code to[i] = from[order[i]] * signs[i]} for all {@code i}. */
  void permute(float[] from, int[] order, float[] signs, float[] to);

  /**
   * Replaces each pair {@code (u, v)} in the window of {@code length} from {@code start} by {@code
   * (u + v, u - v)}, once for each of {@code stages} distances, which begin at half the length and
   * halve; then multiplies by {@code scale}.
   */
  void mix(float[] values, int start, int length, int stages, float scale);

  /** Sets the planes and constants of {@code query} from its rotated components. */
  void quantise(float[] rotated, QueryPlanes query);

  /**
   * Estimates the dot products of the query with the vectors behind the {@link CodeGroup} at {@code
   * group}.
   *
   * @param estimates its first {@link CodeGroup#LANES} elements are set
   */
  void estimate(long group, QueryPlanes query, float[] estimates);

  /** {@return one bit for each of the first {@link CodeGroup#LANES} elements: at least floor} */
  int reaching(float[] estimates, float floor);
}
