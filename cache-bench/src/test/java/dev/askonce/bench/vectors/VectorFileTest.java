package dev.askonce.bench.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorFileTest {
  @TempDir Path temp;

  @Test
  void vectors_areScaledToLength1() throws IOException {
    Path file = FloatFiles.write(temp.resolve("f"), new float[] {3, 4}, new float[] {0, -2});
    try (Vectors vectors = VectorFile.read(file, 2)) {
      assertEquals(2, vectors.count());
      assertArrayEquals(new float[] {0.6f, 0.8f}, vectors.row(0));
      assertArrayEquals(new float[] {0, -1}, vectors.row(1));
    }
  }

  @Test
  void shuffle_keepsAllRows() throws IOException {
    Path file =
        FloatFiles.write(
            temp.resolve("f"), new float[] {1, 0}, new float[] {0, 1}, new float[] {-1, 0});
    try (Vectors vectors = VectorFile.read(file, 2)) {
      vectors.shuffle(5);
      float sum = 0;
      for (float[] row : vectors.rows()) {
        sum += row[0] * row[0] * 10 + row[0] + row[1];
      }
      assertEquals(21, sum);
    }
  }

  @Test
  void unusableFiles_areRefusedInOneLine() throws IOException {
    assertRefused("no file", temp.resolve("nowhere"));
    assertRefused("12 bytes", FloatFiles.write(temp.resolve("f"), new float[] {1, 2, 3}));
    assertRefused("0 bytes", Files.createFile(temp.resolve("empty")));
    assertRefused(
        "vector 1 of", FloatFiles.write(temp.resolve("f"), new float[] {1, 2}, new float[] {0, 0}));
    assertRefused(
        "component 1 is NaN", FloatFiles.write(temp.resolve("f"), new float[] {1, Float.NaN}));
  }

  private static void assertRefused(String expected, Path file) {
    String message =
        assertThrows(VectorFile.Unusable.class, () -> VectorFile.read(file, 2)).getMessage();
    assertTrue(message.contains(expected), message);
    assertEquals(1, message.lines().count());
  }
}
