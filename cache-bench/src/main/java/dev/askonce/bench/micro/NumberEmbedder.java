package dev.askonce.bench.micro;

import dev.askonce.bench.data.Corpus;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Makes a random vector of the number at the end of a text, in about a microsecond: no two texts
 * are alike.
 */
final class NumberEmbedder implements Embedder {
  @Override
  public int dimension() {
    return Corpus.DIMENSION;
  }

  @Override
  public String fingerprint() {
    return "number";
  }

  @Override
  public Embedding embed(String text, Duration timeout) {
    SplittableRandom random =
        new SplittableRandom(Long.parseLong(text.substring(text.lastIndexOf(' ') + 1)));
    float[] vector = new float[dimension()];
    for (int i = 0; i < vector.length; i += 2) {
      long bits = random.nextLong();
      vector[i] = (int) bits;
      vector[i + 1] = (int) (bits >> 32);
    }
    return new Embedding(vector, false);
  }
}
