package dev.askonce.bench.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruthTest {
  private static final long SEED = 7;

  @TempDir Path temp;

  /** Odd sizes: neither the tiles nor the lanes come out even. */
  @Test
  void truth_isWhatAScalarLoopFinds() throws IOException {
    RandomVectors random = new RandomVectors(37, SEED);
    try (VectorFile base = RandomVectors.open(temp.resolve("base"), random.vectors(301));
        VectorFile asked = RandomVectors.open(temp.resolve("queries"), random.vectors(131))) {
      Data data = new Data(base, asked, SEED);
      Truth truth = Truth.of(data, new Progress(line -> {}));
      for (int query = 0; query < data.queries().length; query++) {
        List<Double> expected = cosines(base, data.queries()[query]);
        for (int rank = 0; rank < Truth.DEPTH; rank++) {
          assertEquals(expected.get(rank), truth.cosine(query, rank), 1e-5, "seed " + SEED);
          assertEquals(
              expected.get(rank),
              dot(base.row(truth.entry(query, rank)), data.queries()[query]),
              1e-5);
        }
      }
    }
  }

  @Test
  void smallBase_leavesRanksEmpty() throws IOException {
    try (VectorFile base = RandomVectors.open(temp.resolve("base"), new float[] {1, 0});
        VectorFile asked = RandomVectors.open(temp.resolve("queries"), new float[] {1, 0})) {
      Data data = new Data(base, asked, SEED);
      Truth truth = Truth.of(data, new Progress(line -> {}));
      assertEquals(0, truth.entry(0, 0));
      assertEquals(1, truth.best(0), 1e-6);
      assertEquals(Truth.NONE, truth.entry(0, 1));
      assertEquals(1, truth.queriesInBase(data));
    }
  }

  private static List<Double> cosines(VectorFile base, float[] query) {
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
