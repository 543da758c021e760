package dev.askonce.bench.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecallsTest {
  /** Cosines of the one query with the entries, by number. */
  private static final double[] COSINES = {0.5, 0.97, 0.85, 0.92, 0.81, 0.83, 0.79};

  @TempDir Path temp;

  private VectorFile base;
  private VectorFile asked;
  private Data data;
  private Truth truth;

  @BeforeEach
  void compute() throws IOException {
    float[][] rows = new float[COSINES.length][];
    IntToDoubleFunction sine = i -> Math.sqrt(1 - COSINES[i] * COSINES[i]);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new float[] {(float) COSINES[i], (float) sine.applyAsDouble(i)};
    }
    base = RandomVectors.open(temp.resolve("base"), rows);
    asked = RandomVectors.open(temp.resolve("queries"), new float[] {1, 0});
    data = new Data(base, asked, 1);
    truth = Truth.of(data, new Progress(line -> {}));
  }

  @AfterEach
  void close() {
    base.close();
    asked.close();
  }

  @Test
  void everyEntry_isFull() {
    Recalls<Double> recalls = of(Mode.BEST4, 1, 3, 2, 5);
    assertEquals(1, recalls.recallAt1());
    assertEquals(1, recalls.top4Over80());
    assertEquals(1, recalls.decisionRecall().get("0.95"));
  }

  @Test
  void missingEntry_isAShare() {
    Recalls<Double> recalls = of(Mode.BEST4, 3, 2, 5, 4);
    assertEquals(0, recalls.recallAt1());
    assertEquals(0.75, recalls.top4Over80());
    assertEquals(0, recalls.decisionRecall().get("0.95"));
    assertEquals(1, recalls.decisionRecall().get("0.90"));
  }

  @Test
  void nothing_isZero() {
    Recalls<Double> recalls = of(Mode.BEST4);
    assertEquals(0, recalls.recallAt1());
    assertEquals(0, recalls.top4Over80());
    assertEquals(0, recalls.decisionRecall().get("0.80"));
  }

  @Test
  void anyEntry_isJudgedByTheThresholdAlone() {
    Recalls<Double> recalls = of(Mode.ANY, 3);
    assertNull(recalls.recallAt1());
    assertNull(recalls.top4Over80());
    assertNull(recalls.decisionRecall().get("0.95"));
    assertEquals(1, recalls.decisionRecall().get("0.90"));
    assertEquals(0, of(Mode.ANY, 2).decisionRecall().get("0.90"));
  }

  @Test
  void claimOverTheTruth_isRefused() {
    Answers answers = new Answers(1, 1);
    answers.setCosine(0, 0, 0.98f);
    assertThrows(IllegalStateException.class, () -> Recalls.of(Mode.NEAREST, 0.9f, truth, answers));
  }

  /** Against the worked values of Wilson's interval: 81 of 263, and 0 of 10. */
  @Test
  void interval_isWilsons() {
    assertArrayEquals(new double[] {0.2553, 0.3662}, new Share(81, 263).interval(), 1e-4);
    assertArrayEquals(new double[] {0, 0.2775}, new Share(0, 10).interval(), 1e-4);
    assertNull(new Share(0, 0).interval());
    assertNull(new Share(0, 0).value());
  }

  private Recalls<Double> of(Mode mode, int... entries) {
    Answers answers = new Answers(1, mode.k);
    for (int rank = 0; rank < entries.length; rank++) {
      answers.setCosine(0, rank, data.cosine(0, entries[rank]));
    }
    return Recalls.of(mode, 0.9f, truth, answers).map(Share::value);
  }
}
