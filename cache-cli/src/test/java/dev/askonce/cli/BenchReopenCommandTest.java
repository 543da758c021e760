package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.bench.data.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReopenCommandTest {
  private static final int ROWS = 2_500;

  @TempDir Path temp;

  private Path base() throws IOException {
    return CorpusFile.write(temp.resolve("base.f32"), ROWS);
  }

  @Test
  void reopen_everyOpeningAnswersRight() throws IOException {
    Path store = temp.resolve("store");
    Program program =
        Program.run(
            "bench",
            "reopen",
            "--base",
            base(),
            "--dim",
            Corpus.DIMENSION,
            "--dir",
            store,
            "--cycles",
            1,
            "--json");
    assertEquals(0, program.status(), program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertEquals(ROWS, report.get("entries").asInt());
    assertEquals(0, report.get("wrong").asInt());
    for (String kind : new String[] {"clean", "unclean"}) {
      JsonNode opened = report.get(kind).get(0);
      assertTrue(opened.get("openMillis").asDouble() > 0);
      assertTrue(
          opened.get("openMillis").asDouble() <= opened.get("firstHitMillis").asDouble(), kind);
    }
    assertTrue(report.get("fresh").get(0).asDouble() > 0);
    assertTrue(Files.exists(store.resolve("graph.snap")), "a graph was kept");
  }

  @Test
  void reopen_noCycles_isRefused() throws IOException {
    Program.assertRefused(
        "--cycles", "bench", "reopen", "--base", base(), "--dim", 384, "--cycles", 0);
  }
}
