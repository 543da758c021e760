package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.bench.data.Corpus;
import dev.askonce.bench.data.VectorFile;
import dev.askonce.bench.data.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchDataCommandsTest {
  private static final int DIMENSION = Corpus.DIMENSION;

  @TempDir Path temp;

  private Path base(int rows) throws IOException {
    return CorpusFile.write(temp.resolve("base.f32"), rows);
  }

  @Test
  void embed_writesARowForEachLine() throws IOException {
    Path text = temp.resolve("texts.txt");
    Path out = temp.resolve("out.f32");
    Files.writeString(text, "How do I pay?\n\nWhere is my order?\nHow do I pay?\n");
    Program program =
        Program.run(
            "bench",
            "embed",
            "--text",
            text,
            "--out",
            out,
            "--models",
            "minilm,bge-small",
            "--json");
    assertEquals(0, program.status(), program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertEquals(3, report.get("rows").asInt());
    assertEquals(1, report.get("blankLines").asInt());
    assertEquals(2, report.get("fingerprints").size());
    assertEquals(768, report.get("dimension").asInt());
    try (VectorFile vectors = VectorFile.open(out, 768)) {
      assertEquals(3, vectors.count());
      assertEquals(1, Vectors.norm(vectors.row(0)), 1e-6);
      assertArrayEquals(vectors.row(0), vectors.row(2));
      assertTrue(Vectors.dot(vectors.row(0), vectors.row(1)) < 0.9);
    }
  }

  @Test
  void grow_tellsHowTrueItIs() throws IOException {
    Path out = temp.resolve("out.f32");
    Program program =
        Program.run(
            "bench", "grow", "--base", base(400), "--dim", DIMENSION, "--to", 1200, "--out", out,
            "--json");
    assertEquals(0, program.status(), program.out() + program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertTrue(report.get("ksNearest").asDouble() <= 0.05, program.out());
    assertEquals(1200L * DIMENSION * Float.BYTES, Files.size(out));
  }

  @Test
  void churn_printsALineForEachTurnover() throws IOException {
    Program program =
        Program.run(
            "bench",
            "churn",
            "--base",
            base(400),
            "--dim",
            DIMENSION,
            "--live",
            200,
            "--turnovers",
            2,
            "--json");
    assertEquals(0, program.status(), program.err());
    List<String> lines = program.out().lines().toList();
    assertEquals(2, lines.size());
    JsonNode row = JsonOutput.MAPPER.readTree(lines.getLast());
    assertEquals(2, row.get("turnover").asInt());
    assertEquals(1, row.get("recallAt1").asDouble());
    assertTrue(row.get("lookupMicros").get("p99").asDouble() > 0);
  }

  @Test
  void unusableInput_isOneLineAndStatus2() throws IOException {
    Path nowhere = temp.resolve("nowhere");
    Path out = temp.resolve("out.f32");
    Path base = base(100);
    Program.assertRefused("--text", "bench", "embed", "--out", out);
    Program.assertRefused("no file", "bench", "embed", "--text", nowhere, "--out", out);
    Program.assertRefused("gpt", "bench", "embed", "--text", base, "--out", out, "--models", "gpt");
    Program.assertRefused(
        "no file", "bench", "grow", "--base", nowhere, "--dim", 8, "--to", 9, "--out", out);
    Program.assertRefused(
        "whole number", "bench", "grow", "--base", base, "--dim", 385, "--to", 900, "--out", out);
    Program.assertRefused(
        "not more", "bench", "grow", "--base", base, "--dim", DIMENSION, "--to", 100, "--out", out);
    Program.assertRefused(
        "no file", "bench", "churn", "--base", nowhere, "--dim", 8, "--live", 64, "--turnovers", 1);
    Program.assertRefused(
        "63 live",
        "bench",
        "churn",
        "--base",
        base,
        "--dim",
        DIMENSION,
        "--live",
        63,
        "--turnovers",
        1);
    Program.assertRefused(
        "dimension 4",
        "bench",
        "churn",
        "--base",
        base,
        "--dim",
        4,
        "--live",
        64,
        "--turnovers",
        1);
    assertTrue(Files.notExists(out));
  }

  @Test
  void help_isStatus0() {
    for (String command : List.of("embed", "grow", "churn")) {
      Program program = Program.run("bench", command, "--help");
      assertEquals(0, program.status());
      assertTrue(program.out().startsWith("Usage: askonce bench " + command), program.out());
    }
  }
}
