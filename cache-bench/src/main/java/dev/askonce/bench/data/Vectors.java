package dev.askonce.bench.data;

import java.util.random.RandomGenerator;

/** Arithmetic on single vectors. */
public final class Vectors {
  private Vectors() {}

  public static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** {@return the Euclidean length} */
  public static double norm(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  /** Scales a vector to length 1, in place. {@return the vector} */
  public static float[] normalise(float[] vector) {
    double scale = 1 / norm(vector);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * scale);
    }
    return vector;
  }

  /** {@return a unit vector whose cosine with the unit vector {@code origin} is {@code cosine}} */
  public static float[] perturbed(float[] origin, double cosine, RandomGenerator random) {
    float[] noise = new float[origin.length];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    double along = dot(noise, origin);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (noise[i] - along * origin[i]);
    }
    normalise(noise);
    double sine = Math.sqrt(1 - cosine * cosine);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (cosine * origin[i] + sine * noise[i]);
    }
    return normalise(noise);
  }
}
