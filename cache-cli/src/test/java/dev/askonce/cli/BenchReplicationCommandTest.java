package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchReplicationCommandTest {
  @Test
  void json_tellsOfNothingWrong() throws IOException {
    Program program = Program.run("bench", "replication", "--json", "--faults", 50);
    assertEquals(0, program.status(), program.out() + program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertTrue(report.get("total").asLong() >= 50, program.out());
    for (String none : List.of("wrong", "lost", "unequal")) {
      assertEquals(0, report.get(none).asLong(), program.out());
    }
  }

  @Test
  void wrongUse_isRefusedInOneLine() {
    Program.assertRefused("faults 0", "bench", "replication", "--faults", 0);
  }
}
