package dev.askonce.bench.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedLinesTest {
  /** Two components: one, and the text's length. */
  private record LengthEmbedder(String fingerprint) implements Embedder {
    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public Embedding embed(String text, Duration timeout) {
      return new Embedding(new float[] {1, text.length()}, text.length() > 5);
    }
  }

  private static final Embedder ONE = new LengthEmbedder("one");
  private static final Embedder TWO = new LengthEmbedder("two");

  @TempDir Path temp;

  private final Progress silent = new Progress(line -> {});

  private Path text(String content) throws Exception {
    return Files.writeString(temp.resolve("texts"), content);
  }

  @Test
  void lines_areRowsInOrder() throws Exception {
    Path out = temp.resolve("out.f32");
    EmbeddedLines.Report report =
        EmbeddedLines.write(text("aa\n\n \nsixteen\naa\n"), List.of(ONE), out, silent);
    assertEquals(3, report.rows());
    assertEquals(2, report.blankLines());
    assertEquals(1, report.truncated());
    assertEquals(List.of("one"), report.fingerprints());
    try (VectorFile vectors = VectorFile.open(out, 2)) {
      assertEquals(3, vectors.count());
      assertEquals(1, Vectors.norm(vectors.row(1)), 1e-6);
      assertEquals(7, vectors.row(1)[1] / vectors.row(1)[0], 1e-5);
      assertArrayEquals(vectors.row(0), vectors.row(2));
    }
  }

  @Test
  void severalModels_shareTheLengthEqually() throws Exception {
    Path out = temp.resolve("out.f32");
    EmbeddedLines.Report report = EmbeddedLines.write(text("aaa"), List.of(ONE, TWO), out, silent);
    assertEquals(4, report.dimension());
    assertEquals(List.of("one", "two"), report.fingerprints());
    try (VectorFile vectors = VectorFile.open(out, 4)) {
      float[] row = vectors.row(0);
      assertEquals(0.5, row[0] * row[0] + row[1] * row[1], 1e-6);
      assertEquals(row[1], row[3]);
    }
  }

  @Test
  void manyLines_areAllWritten() throws Exception {
    Path out = temp.resolve("out.f32");
    String lines = "x\nyy\n".repeat(500);
    assertEquals(1000, EmbeddedLines.write(text(lines), List.of(ONE), out, silent).rows());
    try (VectorFile vectors = VectorFile.open(out, 2)) {
      assertArrayEquals(vectors.row(1), vectors.row(999));
    }
  }

  @Test
  void unusableTexts_areRefused_andLeaveNothing() throws Exception {
    Path out = temp.resolve("out.f32");
    Path blank = text("\n \n");
    assertThrows(InputException.class, () -> EmbeddedLines.write(blank, List.of(ONE), out, silent));
    Path binary = Files.write(temp.resolve("binary"), new byte[] {'a', (byte) 0xff, '\n'});
    assertThrows(
        InputException.class, () -> EmbeddedLines.write(binary, List.of(ONE), out, silent));
    assertThrows(
        InputException.class,
        () -> EmbeddedLines.write(temp.resolve("nowhere"), List.of(ONE), out, silent));
    try (Stream<Path> files = Files.list(temp)) {
      assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith("out")));
    }
  }
}
