package dev.askonce.engine.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Turns texts into vectors whose cosine says how near their meanings are.
 *
 * <p>Threading: called by many threads at once. Contract: equal texts give vectors of cosine at
 * least 0.9999; {@link #embed} returns or throws by its deadline.
 */
public interface Embedder extends AutoCloseable {
  /** {@return the number of components of every vector} */
  int dimension();

  /**
   * {@return a name for everything that shapes the vectors} Model, weights, tokenizer, pooling and
   * normalisation go in; when it changes, stored vectors are no longer comparable and a cache
   * refuses to open.
   */
  String fingerprint();

  /**
   * {@return the vector of a text}
   *
   * @param timeout the most time the call may take
   * @throws TimeoutException when it is over
   */
  Embedding embed(String text, Duration timeout) throws TimeoutException;

  /** {@return the vectors of several texts, in their order} */
  default List<Embedding> embedAll(List<String> texts, Duration timeout) throws TimeoutException {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<Embedding> embeddings = new ArrayList<>(texts.size());
    for (String text : texts) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new TimeoutException(embeddings.size() + " of " + texts.size() + " texts embedded");
      }
      embeddings.add(embed(text, Duration.ofNanos(left)));
    }
    return embeddings;
  }

  /** Releases the model. */
  @Override
  default void close() {}
}
