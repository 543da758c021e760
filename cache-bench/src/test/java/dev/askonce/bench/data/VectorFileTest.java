package dev.askonce.bench.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorFileTest {
  @TempDir Path temp;

  private Path write(float[]... rows) throws IOException {
    Path file = temp.resolve("rows.f32");
    try (VectorWriter writer = new VectorWriter(file)) {
      for (float[] row : rows) {
        writer.write(row);
      }
      writer.commit();
    }
    return file;
  }

  private static void assertRefused(String expected, Path file, int dimension) {
    String message =
        assertThrows(InputException.class, () -> VectorFile.open(file, dimension).close())
            .getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void rows_areReadAsWritten() throws IOException {
    Path file = write(new float[] {1, 0}, new float[] {0.6f, -0.8f});
    assertArrayEquals(
        new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0},
        Arrays.copyOf(Files.readAllBytes(file), 8));
    try (VectorFile vectors = VectorFile.open(file, 2)) {
      assertEquals(2, vectors.count());
      assertFalse(vectors.isScaled());
      assertArrayEquals(new float[] {0.6f, -0.8f}, vectors.row(1));
    }
  }

  @Test
  void rowsOfOtherLengths_areScaled() throws IOException {
    try (VectorFile vectors = VectorFile.open(write(new float[] {1, 0}, new float[] {3, 4}), 2)) {
      assertTrue(vectors.isScaled());
      assertArrayEquals(new float[] {0.6f, 0.8f}, vectors.row(1));
    }
  }

  @Test
  void unusableFiles_areRefused() throws IOException {
    assertRefused("there is no file", temp.resolve("nowhere"), 2);
    assertRefused("there is no file", temp, 2);
    assertRefused(
        "row 1 has the length NaN", write(new float[] {1, 0}, new float[] {Float.NaN, 0}), 2);
    assertRefused("row 0 has the length 0", write(new float[] {0, 0}), 2);
    assertRefused("8 bytes, not a whole number of rows of 12", write(new float[] {1, 0}), 3);
    assertRefused("0 bytes", write(), 2);
    assertRefused("dimension 0", temp.resolve("rows.f32"), 0);
  }

  @Test
  void writer_withoutCommit_leavesNothing() throws IOException {
    try (VectorWriter writer = new VectorWriter(temp.resolve("rows.f32"))) {
      writer.write(new float[] {1, 0});
    }
    try (Stream<Path> files = Files.list(temp)) {
      assertEquals(List.of(), files.toList());
    }
    assertThrows(InputException.class, () -> new VectorWriter(temp.resolve("no/rows.f32")).close());
  }
}
