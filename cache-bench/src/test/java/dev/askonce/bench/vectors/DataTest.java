package dev.askonce.bench.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.bench.data.VectorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataTest {
  private static final long SEED = 5;

  @TempDir Path temp;

  @Test
  void queries_areMeasuredOrTaught_eachOnce() throws IOException {
    float[][] rows = new RandomVectors(16, SEED).vectors(102);
    try (VectorFile asked = RandomVectors.open(temp.resolve("queries"), rows)) {
      Data data = new Data(asked, asked, SEED);
      assertEquals(25, data.training().length);
      assertEquals(77, data.queries().length);
      Set<List<Float>> seen = new HashSet<>();
      for (float[][] part : List.of(data.training(), data.queries())) {
        for (float[] query : part) {
          seen.add(List.of(query[0], query[1], query[2]));
        }
      }
      assertEquals(102, seen.size());
      assertArrayEquals(data.queries()[0], new Data(asked, asked, SEED).queries()[0]);
    }
  }

  @Test
  void cosine_isThatOfTheQueryAtItsAddress() throws IOException {
    float[][] rows = new RandomVectors(17, SEED).vectors(40);
    try (VectorFile file = RandomVectors.open(temp.resolve("queries"), rows)) {
      Data data = new Data(file, file, SEED);
      for (int query = 0; query < data.queries().length; query++) {
        float[] vector = data.queries()[query];
        int own = 0;
        while (!Arrays.equals(vector, file.row(own))) {
          own++;
        }
        assertEquals(1, data.cosine(query, own), 1e-6);
      }
    }
  }
}
