package dev.askonce.redis.rig;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.Random;

/** An embedder without a model: equal texts are equal, others have next to nothing in common. */
public final class Texts implements Embedder {
  private static final int DIMENSION = 32;
  private final String fingerprint;

  public Texts() {
    this("texts");
  }

  /** One that calls itself something else. */
  public Texts(String fingerprint) {
    this.fingerprint = fingerprint;
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public Embedding embed(String text, Duration timeout) {
    Random random = new Random(text.hashCode());
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return new Embedding(vector, false);
  }
}
