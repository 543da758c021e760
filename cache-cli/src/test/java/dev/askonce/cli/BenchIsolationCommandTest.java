package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchIsolationCommandTest {
  @Test
  void json_tellsOfNoLeak() throws IOException {
    Program program =
        Program.run("bench", "isolation", "--json", "--cycles", 50_000, "--scopes", 40);
    assertEquals(0, program.status(), program.out() + program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertEquals(50_000, report.get("cycles").asLong());
    for (String none : List.of("leaks", "wrong", "missed")) {
      assertEquals(0, report.get(none).asLong(), program.out());
    }
    assertTrue(report.get("hits").asLong() > 10_000, program.out());
    assertTrue(report.get("puts").asLong() > 0, program.out());
    assertTrue(report.get("invalidations").asLong() > 0, program.out());
  }

  @Test
  void wrongUse_isRefusedInOneLine() {
    Program.assertRefused("1 lookups", "bench", "isolation", "--cycles", 1);
    Program.assertRefused("1 scopes", "bench", "isolation", "--scopes", 1);
    Program.assertRefused("0 questions", "bench", "isolation", "--questions", 0);
    Program.assertRefused("0 threads", "bench", "isolation", "--threads", 0);
  }
}
