package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fault campaigns that damage stores, in their small form. */
class BenchDamageCommandsTest {
  private static final String[] FAILURES = {
    "wrong", "hung", "crashed", "refused", "excess", "grown", "thrown"
  };

  private static JsonNode run(Object... args) throws JsonProcessingException {
    Program program = Program.run(args);
    assertEquals(0, program.status(), program.out() + program.err());
    assertEquals(1, program.out().lines().count(), program.out());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    for (String failure : FAILURES) {
      assertEquals(0, report.get(failure).asInt(), failure + " " + report);
    }
    return report;
  }

  @Test
  void corrupt_damagedStores_giveTheStoredAnswerOrAMiss() throws JsonProcessingException {
    JsonNode report = run("bench", "corrupt", "--every", 61, "--cycles", 32, "--json");
    assertEquals(0, report.get("unreported").asInt());
    assertTrue(report.get("bitsOfStore").asLong() >= 64 * 1024 * Byte.SIZE, report.toString());
    assertTrue(report.get("bits").asLong() >= 10_000, report.toString());
    // In each of as many stores, and at least one in each snapshot of a graph.
    assertTrue(report.get("flips").asLong() >= 32 * 256 + 32, report.toString());
    assertTrue(report.get("shapes").asLong() >= 50, report.toString());
    // Damage does cost entries, and few of them: else nothing was damaged, or all of it at once.
    double lost = report.get("lost").asDouble();
    assertTrue(lost > 0 && lost < 0.2 * report.get("kept").asLong(), report.toString());
  }

  @Test
  void powerloss_whatTheDiskKept_isRightAndWhatWasInvalidatedIsGone()
      throws JsonProcessingException {
    JsonNode report = run("bench", "powerloss", "--every", 64, "--cycles", 5_000, "--json");
    assertEquals(0, report.get("revived").asInt());
    assertTrue(report.get("cycles").asLong() >= 15_000, report.toString());
    assertTrue(report.get("exhausted").asLong() > 0, report.toString());
    assertTrue(report.get("chronicle").asLong() >= 20, report.toString());
    assertTrue(report.get("kept").asLong() > 0 && report.get("lost").asLong() > 0);
  }

  @Test
  void wrongOptions_areOneLineAndStatus2() {
    for (String command : List.of("corrupt", "powerloss")) {
      for (String[] options :
          new String[][] {{"--cycles", "-1"}, {"--every", "0"}, {"--parallel", "0"}}) {
        Program program = Program.run("bench", command, options[0], options[1]);
        assertEquals(2, program.status());
        assertEquals("", program.out());
        assertEquals(1, program.err().lines().count(), program.err());
        assertTrue(program.err().contains(options[0] + " " + options[1]), program.err());
      }
    }
  }

  @Test
  void help_isStatus0() {
    for (String command : List.of("corrupt", "powerloss")) {
      Program program = Program.run("bench", command, "--help");
      assertEquals(0, program.status());
      assertTrue(program.out().startsWith("Usage: askonce bench " + command), program.out());
    }
  }
}
