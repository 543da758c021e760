package dev.askonce.engine.spi;

/**
 * Decides which candidate of the vector search may answer. The search hands over at most eight
 * candidates, best first; the first one that is served answers, since the nearest may be refused.
 *
 * <p>Threading: called by many threads at once. A policy that throws refuses.
 */
public interface DecisionPolicy {
  /**
   * {@return the least raw cosine of candidates this policy wants to see}
   *
   * @param threshold the threshold in force
   */
  float floor(float threshold);

  /**
   * {@return a raw cosine at which the search may stop at the first candidate it meets} For a
   * policy to which one that reaches it is as good as any other; by default none is.
   *
   * @param threshold the threshold in force
   */
  default float enough(float threshold) {
    return Float.POSITIVE_INFINITY;
  }

  /**
   * {@return whether it can judge by the cosines of an embedder} A cache with one that it does not
   * accept is not opened.
   *
   * @param embedderFingerprint see {@link Embedder#fingerprint}
   */
  default boolean accepts(String embedderFingerprint) {
    return true;
  }

  Verdict judge(Question question, Candidate candidate);
}
