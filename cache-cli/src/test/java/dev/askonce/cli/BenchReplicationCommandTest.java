package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.bench.replication.FaultReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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
  void serversThatFailed_haveAStatusOfTheirOwn_butNotBeforeWrongAnswers() {
    assertEquals(0, BenchReplicationCommand.status(report(0, null)));
    assertEquals(1, BenchReplicationCommand.status(report(1, null)));
    assertEquals(3, BenchReplicationCommand.status(report(0, "no new primary")));
    assertEquals(1, BenchReplicationCommand.status(report(1, "no new primary")));
  }

  private static FaultReport report(long wrong, String failure) {
    return new FaultReport(
        "SINGLE", Map.of(), 1, 1, 1, 1, 1, wrong, 0, 0, 1, 0, 0, 0, 0, 1, 1.0, List.of(), failure);
  }

  @Test
  void wrongUse_isRefusedInOneLine() {
    Program.assertRefused("faults 0", "bench", "replication", "--faults", 0);
    Program.assertRefused("no replica", "bench", "replication", "--failovers", 1);
  }
}
