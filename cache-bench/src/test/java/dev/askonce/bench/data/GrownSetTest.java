package dev.askonce.bench.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrownSetTest {
  private static final int ROWS = 1000;

  @TempDir Path temp;

  private final Progress silent = new Progress(line -> {});
  private Path base;

  @BeforeEach
  void writeBase() throws IOException {
    base = temp.resolve("base.f32");
    Corpus corpus = new Corpus(ROWS, 3);
    try (VectorWriter writer = new VectorWriter(base)) {
      for (int i = 0; i < ROWS; i++) {
        // A third have paraphrases, so that nearest cosines differ as those of questions do.
        writer.write(i % 3 == 2 ? corpus.paraphrase(i - 1) : corpus.entry(i));
      }
      writer.commit();
    }
  }

  private GrowReport grow(int count, long seed, Path out) throws IOException {
    try (VectorFile real = VectorFile.open(base, Corpus.DIMENSION)) {
      return GrownSet.write(real, count, out, seed, silent);
    }
  }

  @Test
  void grownSet_hasTheNeighbourhoodsOfTheRealOne() throws IOException {
    Path out = temp.resolve("grown.f32");
    GrowReport report = grow(3 * ROWS, 1, out);
    assertEquals(3L * ROWS * Corpus.DIMENSION * Float.BYTES, Files.size(out));
    assertTrue(report.isFaithful(), report.toString());
    assertTrue(report.ksTenth() <= GrowReport.KS_MAX, report.toString());
    assertEquals(report.intrinsicDimensionReal(), report.intrinsicDimensionGrown(), 1.0);
    assertTrue(report.siblings() < 0.1, report.toString());
  }

  @Test
  void grownSet_holdsTheRealOne_andNoVectorTwice() throws IOException {
    Path out = temp.resolve("grown.f32");
    grow(2 * ROWS + 400, 1, out);
    try (VectorFile real = VectorFile.open(base, Corpus.DIMENSION);
        VectorFile grown = VectorFile.open(out, Corpus.DIMENSION)) {
      Set<Integer> hashes = hashes(grown);
      assertEquals(grown.count(), hashes.size());
      assertTrue(hashes.containsAll(hashes(real)));
    }
  }

  private static Set<Integer> hashes(VectorFile vectors) {
    Set<Integer> hashes = new HashSet<>();
    for (int i = 0; i < vectors.count(); i++) {
      hashes.add(Arrays.hashCode(vectors.row(i)));
    }
    return hashes;
  }

  @Test
  void sameSeed_givesTheSameFile() throws IOException {
    Path one = temp.resolve("one.f32");
    Path two = temp.resolve("two.f32");
    Path other = temp.resolve("other.f32");
    grow(ROWS + 500, 7, one);
    grow(ROWS + 500, 7, two);
    grow(ROWS + 500, 8, other);
    assertEquals(-1, Files.mismatch(one, two));
    assertTrue(Files.mismatch(one, other) >= 0);
  }

  @Test
  void setThatDoesNotGrow_isRefused() {
    assertThrows(InputException.class, () -> grow(ROWS, 1, temp.resolve("grown.f32")));
  }
}
