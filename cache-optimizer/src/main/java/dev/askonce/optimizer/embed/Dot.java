package dev.askonce.optimizer.embed;

/** The scalar product: of two vectors of length 1, their cosine. */
public final class Dot {
  private Dot() {}

  /* Eight sums side by side: one sum would wait for each addition, and the compiler may not reorder
   * floats by itself. */
  /** {@return the sum of the products} The second may be longer: what is over does not count. */
  public static float of(float[] a, float[] b) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (; i + 7 < a.length; i += 8) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
      s4 += a[i + 4] * b[i + 4];
      s5 += a[i + 5] * b[i + 5];
      s6 += a[i + 6] * b[i + 6];
      s7 += a[i + 7] * b[i + 7];
    }
    float sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    for (; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
