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

  Verdict judge(Question question, Candidate candidate);
}
