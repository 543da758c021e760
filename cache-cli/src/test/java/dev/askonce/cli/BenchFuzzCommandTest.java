package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.fuzz.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fuzzing campaign in its small form; {@code TargetsTest} has all targets without Jazzer. */
class BenchFuzzCommandTest {
  @TempDir Path directory;

  @Test
  void fuzz_aTarget_executesFindsNothingAndKeepsTheCorpus() throws IOException {
    Path corpora = directory.resolve("corpora");
    Program program =
        Program.run(
            "bench",
            "fuzz",
            "--json",
            "--runs",
            20_000,
            "--seed",
            3,
            "--target",
            "record",
            "--corpus",
            corpora);
    assertEquals(0, program.status(), program.out() + program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertEquals(0, report.get("findings").asInt(), report.toString());
    assertEquals(20_000, report.get("executions").asLong(), report.toString());
    // More than the target's own code: what it tests is reached, behind its checksum.
    assertTrue(report.get("targets").get(0).get("edges").asInt() > 100, report.toString());
    assertTrue(Files.readAllLines(corpora.resolve("record.txt")).size() > 3);
  }

  @Test
  void fuzz_findingOfATarget_isReportedWithAnInputThatFindsItAgain() throws IOException {
    Path found = directory.resolve("found");
    Program program =
        Program.run(
            "bench",
            "fuzz",
            "--json",
            "--runs",
            1_000_000,
            "--dir",
            found,
            "--target",
            PlantedTarget.class.getName());
    assertEquals(1, program.status(), program.out() + program.err());
    JsonNode target = JsonOutput.MAPPER.readTree(program.out()).get("targets").get(0);
    String finding = target.get("findings").get(0).asText();
    try (Stream<Path> inputs = Files.list(found)) {
      Path input = inputs.findFirst().orElseThrow();
      assertTrue(finding.contains(input.toString()), finding);
      assertEquals("key", Files.readString(input).substring(0, 3));
    }
  }

  @Test
  void wrongOptions_areOneLineAndStatus2() {
    for (String[] options :
        new String[][] {
          {"--runs", "0"}, {"--minutes", "0.0"}, {"--parallel", "0"}, {"--target", "nothing"}
        }) {
      Program program = Program.run("bench", "fuzz", options[0], options[1]);
      assertEquals(2, program.status());
      assertEquals("", program.out());
      assertEquals(1, program.err().lines().count(), program.err());
      assertTrue(program.err().contains(options[0] + " " + options[1]), program.err());
    }
  }

  @Test
  void help_namesTheTargets() {
    Program program = Program.run("bench", "fuzz", "--help");
    assertEquals(0, program.status());
    assertTrue(program.out().startsWith("Usage: askonce bench fuzz"), program.out());
    Targets.names().forEach(name -> assertTrue(program.out().contains(name), name));
  }
}
