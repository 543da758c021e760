package dev.askonce.cli.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoredPairsTest {
  private static ScoredPairs of(double[] scores, int... labels) {
    boolean[] positives = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      positives[i] = labels[i] == 1;
    }
    return new ScoredPairs(scores, positives);
  }

  @Test
  void servedAt_isTheMostWithinTheBound() {
    // Best first: right, right, wrong, right, wrong.
    ScoredPairs pairs = of(new double[] {0.5, 0.9, 0.8, 0.7, 0.6}, 0, 1, 1, 0, 1);
    assertEquals(new ScoredPairs.Point(2 / 3.0, 0.8), pairs.servedAt(0));
    assertEquals(new ScoredPairs.Point(2 / 3.0, 0.8), pairs.servedAt(0.24));
    assertEquals(new ScoredPairs.Point(1, 0.6), pairs.servedAt(0.25));
  }

  @Test
  void servedAt_takesEqualScoresTogetherOrNotAtAll() {
    ScoredPairs pairs = of(new double[] {0.9, 0.9, 0.9}, 1, 1, 0);
    assertEquals(new ScoredPairs.Point(0, Double.POSITIVE_INFINITY), pairs.servedAt(0.3));
    assertEquals(new ScoredPairs.Point(1, 0.9), pairs.servedAt(0.34));
  }

  @Test
  void servedAt_neverServesWhatIsRefused() {
    ScoredPairs pairs = of(new double[] {-2.1, 0.4}, 1, 1);
    assertEquals(new ScoredPairs.Point(0.5, 0.4), pairs.servedAt(1));
  }

  @Test
  void auc_isTheShareOfPairsInOrder() {
    long seed = Long.getLong("askonce.seed", System.nanoTime());
    System.out.println("-Daskonce.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int n = 2 + random.nextInt(30);
      double[] scores = new double[n];
      boolean[] positives = new boolean[n];
      for (int i = 0; i < n; i++) {
        scores[i] = random.nextInt(6);
        positives[i] = i == 0 || i > 1 && random.nextBoolean();
      }
      double right = 0;
      double all = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          if (positives[i] && !positives[j]) {
            all++;
            right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          }
        }
      }
      assertEquals(right / all, new ScoredPairs(scores, positives).auc(), 1e-12);
    }
  }
}
