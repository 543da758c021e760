package dev.askonce.text;

import java.util.Arrays;

/**
 * What a pair model's number means: a probability by logistic regression (Platt 1999) on pairs that
 * were not trained on, and from which probability up an accepted wrong share is kept on them.
 *
 * @param intercept the log odds that all others are added to
 * @param logOddsFactor what the network's log odds are multiplied by
 * @param cosineFactor what the cosine of the two embeddings is multiplied by
 * @param wrongShares accepted wrong shares, ascending, each from 0 to 1: wrong among what is served
 * @param leastProbabilities for each of them the least probability to serve; above 1 where even the
 *     highest exceeded it
 */
public record PairCalibration(
    double intercept,
    double logOddsFactor,
    double cosineFactor,
    double[] wrongShares,
    double[] leastProbabilities) {
  /** The network's own log odds, and nothing known of wrong shares. */
  public static final PairCalibration NONE =
      new PairCalibration(0, 1, 0, new double[0], new double[0]);

  public PairCalibration {
    wrongShares = wrongShares.clone();
    leastProbabilities = leastProbabilities.clone();
    if (!Double.isFinite(intercept + logOddsFactor + cosineFactor)) {
      throw new IllegalArgumentException(
          "factors %s, %s, %s are not finite".formatted(intercept, logOddsFactor, cosineFactor));
    }
    if (wrongShares.length != leastProbabilities.length) {
      throw new IllegalArgumentException(
          wrongShares.length + " wrong shares, " + leastProbabilities.length + " probabilities");
    }
    for (int i = 0; i < wrongShares.length; i++) {
      boolean inRange = wrongShares[i] >= 0 && wrongShares[i] <= 1 && leastProbabilities[i] >= 0;
      if (!inRange || (i > 0 && wrongShares[i] <= wrongShares[i - 1])) {
        throw new IllegalArgumentException(
            "wrong shares " + Arrays.toString(wrongShares) + " do not ascend within 0..1");
      }
    }
  }

  /** {@return the probability, 0 to 1, that one answer serves both texts} */
  double probability(double logOdds, float cosine) {
    return 1 / (1 + Math.exp(-(intercept + logOddsFactor * logOdds + cosineFactor * cosine)));
  }

  /**
   * {@return the least probability to serve at, so that at most this share of what is served is
   * wrong} Of the shares measured, the next lower one counts; infinite where there is none.
   */
  double leastProbability(double wrongShareMax) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < wrongShares.length && wrongShares[i] <= wrongShareMax; i++) {
      least = Math.min(least, leastProbabilities[i]);
    }
    return least > 1 ? Double.POSITIVE_INFINITY : least;
  }
}
