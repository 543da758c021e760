package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchDiskFullCommandTest {
  private static final List<String> CASES =
      List.of(
          "disk-full",
          "read-only",
          "missing-file",
          "directory-for-file",
          "symlink-for-file",
          "dangling-symlink",
          "empty-file",
          "half-file",
          "byte-short",
          "two-openers",
          "crowd");

  @Test
  void allCases_goAsTheyMust() throws IOException {
    Program program = Program.run("bench", "diskfull", "--json", "--cycles", 1);
    assertEquals(0, program.status(), program.out() + program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    List<String> cases = new ArrayList<>();
    report.get("cases").fieldNames().forEachRemaining(cases::add);
    assertEquals(CASES, cases);
    assertGood(report, 1);
    assertEquals(0, report.at("/cases/directory-for-file/openings").asInt(), program.out());
    assertEquals(0, report.at("/cases/symlink-for-file/openings").asInt(), program.out());
    assertTrue(report.at("/cases/two-openers/refused").asInt() > 0, program.out());
  }

  /** As where there is no right to mount. */
  @Test
  void limitOfFiles_doesAsAFullDisk() throws IOException {
    Program program =
        Program.run(
            "bench", "diskfull", "--json", "--cycles", 1, "--no-mount", "--cases", "disk-full");
    assertEquals(0, program.status(), program.out() + program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertEquals("limit", report.get("method").asText());
    assertGood(report, 1);
  }

  private static void assertGood(JsonNode report, int cycles) {
    assertEquals(cycles, report.get("cycles").asInt());
    for (String none : List.of("wrong", "hung", "failed", "lost")) {
      assertEquals(0, report.get(none).asLong(), report.toPrettyString());
    }
    assertTrue(report.get("kept").asLong() > 0, report.toPrettyString());
    assertTrue(
        !report.get("method").asText().equals("tmpfs")
            || report.at("/cases/disk-full/dropped").asLong() > 0,
        report.toPrettyString());
  }

  @Test
  void wrongUse_isRefusedInOneLine() {
    assertRefused("bench", "diskfull", "--cycles", 0);
    assertRefused("bench", "diskfull", "--cases", "no-such");
  }

  private static void assertRefused(Object... arguments) {
    Program program = Program.run(arguments);
    assertEquals(Main.USAGE, program.status());
    assertEquals("", program.out());
    assertEquals(1, program.err().lines().count(), program.err());
  }
}
