package dev.askonce.bench.image;

import dev.askonce.bench.data.Vectors;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An embedder without a model: each text has a random direction of its own, the same in every
 * process. Two texts are never similar, so that a hit on another one is an error.
 */
public final class Texts implements Embedder {
  private final int dimension;
  private final Map<String, float[]> known = new ConcurrentHashMap<>();

  public Texts(int dimension) {
    this.dimension = dimension;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String fingerprint() {
    return "random directions, dimension " + dimension;
  }

  @Override
  public Embedding embed(String text, Duration timeout) {
    return new Embedding(vector(text), false);
  }

  /** {@return the direction of a text; not to be changed} */
  public float[] vector(String text) {
    return known.computeIfAbsent(text, this::direction);
  }

  private float[] direction(String text) {
    Random random = new Random(text.hashCode() * 0x9E3779B97F4A7C15L);
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    double norm = Vectors.norm(vector);
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (vector[i] / norm);
    }
    return vector;
  }
}
