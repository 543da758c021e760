package dev.askonce.bench.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TruthTest {
  private static final long SEED = 7;

  /** Odd sizes: neither the tiles nor the lanes come out even. */
  @Test
  void truth_isWhatAScalarLoopFinds() throws InterruptedException {
    RandomVectors random = new RandomVectors(37, SEED);
    try (Vectors base = RandomVectors.unit(random.vectors(301));
        Vectors queries = RandomVectors.unit(random.vectors(131))) {
      Truth truth = Truth.of(base, queries, new Progress(line -> {}));
      for (int query = 0; query < queries.count(); query++) {
        List<Double> expected = cosines(base, queries.row(query));
        for (int rank = 0; rank < Truth.DEPTH; rank++) {
          assertEquals(expected.get(rank), truth.cosine(query, rank), 1e-5, "seed " + SEED);
          assertEquals(
              expected.get(rank),
              dot(base.row(truth.entry(query, rank)), queries.row(query)),
              1e-5);
        }
      }
    }
  }

  @Test
  void smallBase_leavesRanksEmpty() throws InterruptedException {
    try (Vectors base = RandomVectors.unit(new float[][] {{1, 0}});
        Vectors queries = RandomVectors.unit(new float[][] {{1, 0}, {1, 1}})) {
      Truth truth = Truth.of(base, queries, new Progress(line -> {}));
      assertEquals(0, truth.entry(1, 0));
      assertEquals(Math.sqrt(0.5), truth.best(1), 1e-6);
      assertEquals(Truth.NONE, truth.entry(1, 1));
      assertEquals(1, truth.queriesInBase(base, queries));
    }
  }

  private static List<Double> cosines(Vectors base, float[] query) {
    return IntStream.range(0, base.count())
        .mapToObj(i -> dot(base.row(i), query))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
