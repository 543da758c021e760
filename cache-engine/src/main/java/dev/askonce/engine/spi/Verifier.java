package dev.askonce.engine.spi;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Estimates how likely one answer serves two texts. Calibrated: of the pairs to which it gives a
 * probability of p, a share of p can share an answer.
 *
 * <p>Threading: called by many threads at once.
 */
public interface Verifier extends AutoCloseable {
  /**
   * {@return the {@linkplain Embedder#fingerprint fingerprint} of the embedder whose cosines it was
   * calibrated with}
   */
  String embedderFingerprint();

  /**
   * {@return the probability that the answer to the stored text serves the asked one, from 0 to 1}
   *
   * @param cosine raw cosine of the two texts' vectors
   * @param timeout the most time the call may take
   * @throws TimeoutException when it is over
   */
  double probability(String asked, String stored, float cosine, Duration timeout)
      throws TimeoutException;

  /**
   * {@return the least probability to serve at, so that at most a share of what is served is wrong}
   * As measured on pairs that it was not trained on.
   *
   * @param wrongShareMax from 0 to 1
   */
  double leastProbability(double wrongShareMax);

  /** Releases the model. */
  @Override
  default void close() {}
}
