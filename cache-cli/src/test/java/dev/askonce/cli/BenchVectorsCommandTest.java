package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchVectorsCommandTest {
  private static final int DIMENSION = 16;

  /** What readers of the rows rely on. */
  private static final List<String> FIELDS =
      List.of(
          "engine",
          "setting",
          "mode",
          "n",
          "dim",
          "k",
          "threads",
          "buildSeconds",
          "insertsPerSecond",
          "recallAt1",
          "decisionRecall",
          "top4Over80",
          "eligible",
          "interval",
          "qps",
          "hitMicros",
          "missMicros",
          "missMicrosByBest",
          "bytesPerEntry");

  @TempDir Path temp;

  private Path vectors(String name, int count, long seed) throws IOException {
    Random random = new Random(seed);
    ByteBuffer bytes =
        ByteBuffer.allocate(count * DIMENSION * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) random.nextGaussian());
    }
    return Files.write(temp.resolve(name), bytes.array());
  }

  @Test
  void json_isARowALine() throws IOException {
    Program program =
        Program.run(
            "bench",
            "vectors",
            "--base",
            vectors("base", 500, 1),
            "--queries",
            vectors("queries", 50, 2),
            "--dim",
            DIMENSION,
            "--peers",
            "none",
            "--tau",
            "0.6",
            "--seconds",
            "0.01",
            "--json");
    assertEquals(0, program.status(), program.err());
    List<String> lines = program.out().lines().toList();
    // Nineteen beams in three modes; a list of 500 entries has no early stops to calibrate.
    assertEquals(57, lines.stream().filter(line -> line.contains("\"askonce\"")).count());
    for (String line : lines) {
      JsonNode row = JsonOutput.MAPPER.readTree(line);
      FIELDS.forEach(field -> assertTrue(row.has(field), line));
      assertEquals(500, row.get("n").asInt());
      assertTrue(row.get("decisionRecall").has("0.60"), line);
      assertTrue(row.get("eligible").get("decisionRecall").get("0.60").asInt() > 0, line);
      assertEquals(2, row.get("interval").get("decisionRecall").get("0.60").size(), line);
      assertTrue(row.get("missMicros").get("p99").asDouble() > 0, line);
    }
    assertTrue(program.err().contains("any entry at 0.60, decision recall"), program.err());
  }

  @Test
  void wrongInput_isOneLineAndStatus2() throws IOException {
    Path file = vectors("base", 3, 1);
    assertRefused("not a whole number of rows", file, file, "--dim", 13);
    assertRefused("no file", file, temp.resolve("nowhere"), "--dim", DIMENSION);
    assertRefused("--dim 4", file, file, "--dim", 4);
    assertRefused("no peer swan", file, file, "--dim", DIMENSION, "--peers", "swan");
    assertRefused("--tau 1.5", file, file, "--dim", DIMENSION, "--tau", 1.5);
  }

  private static void assertRefused(String expected, Path base, Path queries, Object... others) {
    List<Object> args = new ArrayList<>(List.of("bench", "vectors"));
    args.addAll(List.of("--base", base, "--queries", queries));
    args.addAll(List.of(others));
    Program program = Program.run(args.toArray());
    assertEquals(2, program.status(), program.err());
    assertEquals("", program.out());
    assertEquals(1, program.err().lines().count(), program.err());
    assertTrue(program.err().contains(expected), program.err());
  }
}
