package dev.askonce.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveTest {
  @Test
  void auc_manyTies_isTheShareOfPairsInOrder() {
    for (long seed = 1; seed <= 50; seed++) {
      Curve curve = random(seed);
      double inOrder = 0;
      int all = 0;
      for (int i = 0; i < curve.labels().length; i++) {
        for (int j = 0; j < curve.labels().length; j++) {
          if (curve.labels()[i] == 1 && curve.labels()[j] == 0) {
            all++;
            int order = Double.compare(curve.scores()[i], curve.scores()[j]);
            inOrder += order > 0 ? 1 : order == 0 ? 0.5 : 0;
          }
        }
      }
      assertEquals(inOrder / all, curve.auc(), 1e-12, "seed " + seed);
    }
  }

  @Test
  void at_anyShare_isTheBestOfAllThresholds() {
    for (long seed = 1; seed <= 50; seed++) {
      Curve curve = random(seed);
      for (double wrongShareMax : new double[] {0, 0.1, 0.3, 0.5, 1}) {
        double best = 0;
        for (double threshold : curve.scores()) {
          Curve.Point point = point(curve, threshold);
          best = point.wrong() <= wrongShareMax ? Math.max(best, point.served()) : best;
        }
        Curve.Point found = curve.at(wrongShareMax);
        assertEquals(best, found.served(), 1e-12, "seed " + seed);
        assertEquals(point(curve, found.least()), found, "seed " + seed);
      }
    }
  }

  private static Curve.Point point(Curve curve, double threshold) {
    int right = 0;
    int wrong = 0;
    int positives = 0;
    for (int i = 0; i < curve.labels().length; i++) {
      boolean served = curve.scores()[i] >= threshold;
      positives += curve.labels()[i];
      right += served ? curve.labels()[i] : 0;
      wrong += served ? 1 - curve.labels()[i] : 0;
    }
    double wrongShare = right + wrong == 0 ? 0 : (double) wrong / (right + wrong);
    return new Curve.Point((double) right / positives, wrongShare, threshold);
  }

  private static Curve random(long seed) {
    Random random = new Random(seed);
    int count = 40;
    double[] scores = new double[count];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i < 2 ? i : random.nextInt(2);
      scores[i] = random.nextInt(12) + 3 * labels[i];
    }
    return new Curve(scores, labels);
  }
}
