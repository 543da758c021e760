package dev.askonce.engine.spi;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;

/**
 * Reads a question and a stored text together and tells how likely it is that one answer serves
 * both. Slower than a cosine by far, and asked only where the cosine alone does not tell.
 *
 * <p>Threading: called by many threads at once. Contract: the same two texts and cosine give the
 * same probability in one process; {@link #probability} returns or throws by its deadline.
 */
public interface Verifier extends AutoCloseable {
  /**
   * {@return whether it can judge by the cosines of an embedder}
   *
   * @param embedderFingerprint the {@linkplain Embedder#fingerprint fingerprint} of the embedder
   *     that the cosines come from
   */
  boolean accepts(String embedderFingerprint);

  /**
   * {@return the probability, 0 to 1, that one answer serves both texts} Empty where it cannot
   * judge, because it would not see all of them: then nothing may be served on its word.
   *
   * @param asked the text of the question
   * @param stored the text that the answer was stored under; the order of the two may matter
   * @param cosine the raw cosine of their embeddings, -1 to 1
   * @param timeout the most time the call may take
   * @throws TimeoutException when it is over
   */
  OptionalDouble probability(String asked, String stored, float cosine, Duration timeout)
      throws TimeoutException;

  /**
   * {@return the least probability at which an answer may be served, for an accepted share of wrong
   * answers among the served ones} Infinite where so small a share was never reached. As measured
   * on the pairs it was calibrated with; other traffic has another share.
   *
   * @param wrongShareMax the accepted share, 0 to 1
   */
  double leastProbability(double wrongShareMax);

  /** Releases the model. */
  @Override
  default void close() {}
}
