package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchSoakCommandTest {
  @Test
  void json_tellsWhatGrows() throws IOException {
    Program program =
        Program.run("bench", "soak", "--json", "--entries", 3_000, "--turnovers", 6, "--seed", 3);
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertEquals(6, report.get("cycles").asInt(), program.out());
    assertEquals(18_000, report.get("puts").asLong(), program.out());
    for (String none : List.of("wrong", "hung", "refused", "failed", "lost", "dropped")) {
      assertEquals(0, report.get(none).asLong(), program.out());
    }
    assertTrue(report.get("kept").asLong() > 0, program.out());
    assertTrue(report.get("evicted").asLong() > 0, program.out());
    assertTrue(report.get("expired").asLong() > 0, program.out());
    // So short a soak is no measure of memory, but nothing opens files or maps by and by.
    for (String measure : List.of("maps", "descriptors")) {
      assertTrue(report.get(measure).get("share").asDouble() < 0.1, program.out());
    }
    for (String measure : List.of("resident", "dirty", "maps", "descriptors", "heap")) {
      assertTrue(report.get(measure).get("mean").asDouble() > 0, measure + program.out());
    }
  }

  @Test
  void wrongUse_isRefusedInOneLine() {
    for (Object[] options :
        List.of(
            new Object[] {"bench", "soak", "--entries", 10},
            new Object[] {"bench", "soak", "--turnovers", 1},
            new Object[] {"bench", "soak", "--minutes", -1})) {
      Program program = Program.run(options);
      assertEquals(Main.USAGE, program.status());
      assertEquals("", program.out());
      assertEquals(1, program.err().lines().count(), program.err());
    }
  }
}
