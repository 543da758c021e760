package dev.askonce.engine.internal.kernel;

/**
 * Dot products of a query with stored vectors of little-endian 32-bit floats. On unit vectors the
 * dot product is the cosine. Implementations differ in the order of summation only.
 */
public interface Kernel {
  /** {@return the dot product of {@code query} and the vector at {@code address}} */
  float dot(float[] query, long address);

  /**
   * Four dot products at once: the query is read once for all.
   *
   * @param result its first four elements are set
   */
  void dot4(float[] query, long a, long b, long c, long d, float[] result);
}
