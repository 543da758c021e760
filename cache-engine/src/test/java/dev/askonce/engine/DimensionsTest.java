package dev.askonce.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors of every length work alike, from lists without codes to graphs. */
class DimensionsTest {
  private static final Scope SCOPE = Scope.tenant("acme").with("model", "m");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "8, 2500",
    "24, 2500",
    "128, 2500",
    "384, 600",
    "768, 300",
    "1024, 200",
    "1536, 150",
    "4096, 80"
  })
  void search_entriesOfOneDimension_findsTheNearest(int dimension, int entries) {
    Random random = TestSeed.random("DimensionsTest " + dimension, dimension);
    float[][] vectors = new float[entries][];
    Candidates candidates = new Candidates();
    try (SemanticCache cache =
        SemanticCache.at(directory).vectors(dimension, "test").entriesMax(entries).open()) {
      for (int i = 0; i < entries; i++) {
        vectors[i] = TestSeed.unitVector(random, dimension);
        cache.put(SCOPE, vectors[i], Answer.text("answer " + i), PutOptions.DEFAULTS);
      }
      int lost = 0;
      int missed = 0;
      int queries = 200;
      for (int i = 0; i < queries; i++) {
        float[] query = TestSeed.near(random, vectors[random.nextInt(entries)], 0.96);
        cache.any(SCOPE, query, 0.95f, candidates);
        lost += candidates.count() == 0 ? 1 : 0;
        assertTrue(candidates.count() == 0 || candidates.cosine(0) >= 0.95f);
        cache.nearest(SCOPE, query, 0, 8, candidates);
        double best = best(query, vectors);
        missed += candidates.count() == 0 || candidates.cosine(0) < best - 1e-5 ? 1 : 0;
        for (int rank = 0; rank < candidates.count(); rank++) {
          assertTrue(candidates.cosine(rank) <= best + 1e-5, "exact cosines");
        }
        cache.any(SCOPE, TestSeed.unitVector(random, dimension), 0.9999f, candidates);
        assertEquals(0, candidates.count(), "nothing is that near");
      }
      assertTrue(lost <= queries / 200, lost + " of " + queries + " lost");
      assertTrue(missed <= queries / 100, missed + " of " + queries + " nearest missed");
    }
  }

  private static double best(float[] query, float[][] vectors) {
    double best = -1;
    for (float[] vector : vectors) {
      double dot = 0;
      for (int j = 0; j < query.length; j++) {
        dot += (double) query[j] * vector[j];
      }
      best = Math.max(best, dot);
    }
    return best;
  }
}
