package dev.askonce.engine.decision;

import dev.askonce.engine.spi.Candidate;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Question;
import dev.askonce.engine.spi.Verdict;

/** Serves what reaches the threshold: plain cosine. */
public final class CosinePolicy implements DecisionPolicy {
  /** The reason code of this policy's refusals. */
  public static final Verdict BELOW_THRESHOLD = Verdict.refuse("below-threshold");

  /** How far below the threshold candidates are looked for, to report how near a miss was. */
  private static final float NEAR_MISS = 0.05f;

  /** What rounding to 32 bits takes from the cosine of a vector with itself, and more. */
  static final float ROUNDING = 1e-6f;

  @Override
  public float floor(float threshold) {
    return Math.max(0, threshold - NEAR_MISS);
  }

  @Override
  public float enough(float threshold) {
    return threshold - ROUNDING;
  }

  @Override
  public Verdict judge(Question question, Candidate candidate) {
    return decide(candidate.cosine(), question.threshold());
  }

  /** {@return the verdict on a raw cosine} */
  static Verdict decide(double cosine, float threshold) {
    return cosine + ROUNDING >= threshold ? Verdict.SERVE : BELOW_THRESHOLD;
  }
}
