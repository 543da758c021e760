package dev.askonce.optimizer.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ridge, projection and scale, against what is known without them. */
class LinearPartsTest {
  private static final long SEED = 11;

  @Test
  void ridge_findsTheLine_andShrinksIt() {
    Random random = new Random(SEED);
    float[][] rows = new float[200][3];
    double[][] targets = new double[200][1];
    for (int i = 0; i < 200; i++) {
      for (int j = 0; j < 3; j++) {
        rows[i][j] = (float) random.nextGaussian();
      }
      targets[i][0] = 2 * rows[i][0] - rows[i][2] + 7;
    }
    Ridge ridge = new Ridge(rows, targets);
    LinearScore exact = ridge.solve(1e-6)[0];
    assertEquals(2, exact.weights()[0], 1e-4);
    assertEquals(0, exact.weights()[1], 1e-4);
    assertEquals(-1, exact.weights()[2], 1e-4);
    assertEquals(7, exact.bias(), 1e-4);
    assertTrue(ridge.solve(200)[0].weights()[0] < 1.5);
  }

  @Test
  void projection_keepsTheDirectionsOfMostVariance() {
    Random random = new Random(SEED);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      float[] vector = new float[200];
      for (int j = 0; j < 200; j++) {
        vector[j] = (float) (random.nextGaussian() * (j < 2 ? 10 : 0.1));
      }
      vectors.add(vector);
    }
    Projection projection = Projection.of(vectors);
    for (int a = 0; a < 2; a++) {
      float[] axis = projection.axes()[a];
      assertEquals(1, Math.hypot(axis[0], axis[1]), 1e-2);
    }
    float[] a = projection.axes()[0];
    float[] b = projection.axes()[1];
    float dot = 0;
    for (int j = 0; j < 200; j++) {
      dot += a[j] * b[j];
    }
    assertEquals(0, dot, 1e-5);
  }

  @Test
  void neighbours_sayWhatTheNearestAreLabelled() {
    List<float[]> vectors = new ArrayList<>();
    double[] labels = new double[200];
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      labels[i] = i % 2;
      vectors.add(WordEmbedder.vector(Samples.text(i % 2 == 1, random)));
    }
    Neighbours neighbours = Neighbours.of(Projection.of(vectors), vectors, labels);
    assertTrue(neighbours.of(WordEmbedder.vector("topology manifold homology")) > 0.9);
    assertTrue(neighbours.of(WordEmbedder.vector("weather rain sunshine")) < 0.1);
  }

  @Test
  void scale_isCalibrated_andNeverFalls() {
    Random random = new Random(SEED);
    double[] scores = new double[5_000];
    double[] outcomes = new double[5_000];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextGaussian();
      outcomes[i] = random.nextDouble() < 1 / (1 + Math.exp(2 - 3 * scores[i])) ? 1 : 0;
    }
    LogisticScale scale = LogisticScale.fit(scores, outcomes);
    assertEquals(3, scale.slope(), 0.25);
    assertEquals(-2, scale.intercept(), 0.25);
    for (int i = 0; i < scores.length; i++) {
      outcomes[i] = 1 - outcomes[i];
    }
    assertTrue(LogisticScale.fit(scores, outcomes).slope() > 0);
  }
}
