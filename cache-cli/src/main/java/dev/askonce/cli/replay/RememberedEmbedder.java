package dev.askonce.cli.replay;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * An embedder that remembers what it embedded last: the cache asks for a text, then the router, and
 * an hour later, when the answer has expired, somebody asks again. Thread-safe; owns the other one.
 */
final class RememberedEmbedder implements Embedder {
  private static final int TEXTS_MAX = 20_000;

  private final Embedder embedder;
  private final Recent<String, Embedding> recent = new Recent<>(TEXTS_MAX);

  RememberedEmbedder(Embedder embedder) {
    this.embedder = embedder;
  }

  @Override
  public int dimension() {
    return embedder.dimension();
  }

  @Override
  public String fingerprint() {
    return embedder.fingerprint();
  }

  @Override
  public Embedding embed(String text, Duration timeout) throws TimeoutException {
    Optional<Embedding> known = recent.find(text);
    if (known.isPresent()) {
      return known.get();
    }
    Embedding made = embedder.embed(text, timeout);
    recent.keep(text, made);
    return made;
  }

  @Override
  public void close() {
    embedder.close();
  }
}
