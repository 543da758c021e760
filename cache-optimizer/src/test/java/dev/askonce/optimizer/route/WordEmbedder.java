package dev.askonce.optimizer.route;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/** An embedder in which texts are as similar as the words they share. */
final class WordEmbedder implements Embedder {
  static final String FINGERPRINT = "words";
  private static final int DIMENSION = 32;

  boolean slow;
  boolean broken;

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public String fingerprint() {
    return FINGERPRINT;
  }

  @Override
  public Embedding embed(String text, Duration timeout) throws TimeoutException {
    if (slow) {
      throw new TimeoutException("slow");
    }
    if (broken) {
      throw new IllegalStateException("broken");
    }
    return new Embedding(vector(text), false);
  }

  static float[] vector(String text) {
    float[] sum = new float[DIMENSION];
    for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
      Random random = new Random(word.hashCode());
      for (int i = 0; i < DIMENSION; i++) {
        sum[i] += (float) random.nextGaussian();
      }
    }
    double square = 0;
    for (float value : sum) {
      square += value * value;
    }
    for (int i = 0; i < DIMENSION; i++) {
      sum[i] /= (float) Math.sqrt(square);
    }
    return sum;
  }
}
