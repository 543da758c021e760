package dev.askonce.engine.internal.kernel;

import dev.askonce.engine.CacheException;

/**
 * The kernel of this JVM, chosen once. The system property {@value #PROPERTY} forces {@code simd}
 * or {@code scalar}.
 */
public final class Kernels {
  /** Names the kernel to use. */
  public static final String PROPERTY = "askonce.kernel";

  /** Between these no square of a component that counts was lost to the range of a float. */
  private static final float SQUARES_MIN = 1e-12f;

  private static final float SQUARES_MAX = 1e12f;

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private Kernels() {}

  private static final class Holder {
    static final Kernel CHOSEN = choose(System.getProperty(PROPERTY, "simd"));
  }

  public static Kernel chosen() {
    return Holder.CHOSEN;
  }

  /** {@return whether the Vector API can be used, or is not wanted} */
  public static boolean available() {
    return System.getProperty(PROPERTY, "simd").equals("scalar")
        || ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }

  private static Kernel choose(String name) {
    return switch (name) {
      case "scalar" -> new ScalarKernel();
      case "simd" -> new SimdKernel();
      default ->
          throw new CacheException.InvalidOption(
              PROPERTY + "=" + name + "; give simd or scalar, or leave it out");
    };
  }

  /** {@return the cosine of two unit vectors} For the rare path: arrays of the heap. */
  public static float cosine(float[] a, float[] b) {
    float cosine = 0;
    for (int i = 0; i < a.length; i++) {
      cosine += a[i] * b[i];
    }
    return cosine;
  }

  /**
   * Scales a vector to length 1.
   *
   * @return the unit vector, a new array
   * @throws CacheException.InvalidVector if a component is not finite or all are zero
   */
  public static float[] normalise(float[] vector) {
    float[] unit = new float[vector.length];
    normalise(vector, unit);
    return unit;
  }

  /** As {@link #normalise(float[])}, into an array of the same length. */
  public static void normalise(float[] vector, float[] unit) {
    float quick = chosen().squares(vector);
    if (quick >= SQUARES_MIN && quick <= SQUARES_MAX) {
      chosen().scale(vector, (float) (1 / Math.sqrt(quick)), unit);
    } else {
      normaliseExactly(vector, unit);
    }
  }

  private static void normaliseExactly(float[] vector, float[] unit) {
    double squares = 0;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new CacheException.InvalidVector("component " + i + " is " + vector[i]);
      }
      squares += (double) vector[i] * vector[i];
    }
    if (squares == 0) {
      throw new CacheException.InvalidVector("all components are zero");
    }
    double scale = 1 / Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      unit[i] = (float) (vector[i] * scale);
    }
  }
}
