package dev.askonce.engine.internal.cache;

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

  @Override
  public float floor(float threshold) {
    return Math.max(0, threshold - NEAR_MISS);
  }

  @Override
  public Verdict judge(Question question, Candidate candidate) {
    return candidate.cosine() >= question.threshold() ? Verdict.SERVE : BELOW_THRESHOLD;
  }
}
