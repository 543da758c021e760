package dev.askonce.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final int KEYS = 500;

  @Test
  void answer_saysItsNumber() {
    assertEquals(17, Questions.number(Questions.answer(17)));
    assertEquals(1_000, Questions.answer(Long.MAX_VALUE).body().length);
    assertEquals(Long.MAX_VALUE, Questions.number(Questions.answer(Long.MAX_VALUE)));
  }

  @Test
  void text_isEmbeddedAsItsVector() {
    float[] vector = new Questions().embed(Questions.text(42), Duration.ZERO).vector();
    assertArrayEquals(Questions.vector(42), vector);
    assertEquals(Questions.DIMENSION, vector.length);
    assertEquals(1, dot(vector, vector), 1e-5);
  }

  /** Or an answer to another question would be no wrong one. */
  @Test
  void vectors_ofDifferentQuestions_areBelowTheThreshold() {
    float[][] vectors = new float[KEYS][];
    for (int key = 0; key < KEYS; key++) {
      vectors[key] = Questions.vector(key);
      for (int other = 0; other < key; other++) {
        float cosine = dot(vectors[key], vectors[other]);
        assertTrue(cosine < Questions.THRESHOLD, key + ", " + other + ": " + cosine);
      }
    }
    assertTrue(dot(vectors[0], vectors[1]) > 0.3, "they lie in groups");
  }

  private static float dot(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
