package dev.askonce.openai;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts words into the components of a vector: the order of words does not matter to it. */
final class WordEmbedder implements Embedder {
  private final AtomicInteger calls = new AtomicInteger();

  int calls() {
    return calls.get();
  }

  @Override
  public int dimension() {
    return 64;
  }

  @Override
  public String fingerprint() {
    return "words-64";
  }

  @Override
  public Embedding embed(String text, Duration timeout) {
    calls.incrementAndGet();
    float[] vector = new float[dimension()];
    for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
      vector[Math.floorMod(word.hashCode() * 31, vector.length)] += 1;
    }
    return new Embedding(vector, false);
  }
}
