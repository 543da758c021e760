package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.engine.internal.base.CrashPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCrashCommandTest {
  private static final int CYCLES = 8;

  @TempDir Path temp;

  @Test
  void kills_leaveNothingWrong() throws IOException {
    long seed = Long.getLong("askonce.seed", System.nanoTime());
    System.out.println("-Daskonce.seed=" + seed);
    Path directory = temp.resolve("stores");
    Program program =
        Program.run(
            "bench",
            "crash",
            "--json",
            "--cycles",
            CYCLES,
            "--points",
            1,
            "--seed",
            seed,
            "--dir",
            directory);
    assertEquals(0, program.status(), program.out() + program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    Set<String> points =
        Arrays.stream(CrashPoint.values()).map(Enum::name).collect(Collectors.toSet());
    assertTrue(report.get("cycles").asInt() >= CYCLES + points.size(), program.out());
    assertTrue(report.get("verified").asInt() >= CYCLES / 2, program.out());
    assertTrue(report.get("kept").asLong() > CYCLES, program.out());
    for (String none : Set.of("wrong", "hung", "refused", "failed", "dropped", "unreachedPoints")) {
      assertEquals(0, report.get(none).asInt(), program.out());
    }
    assertEquals(seed, report.get("seed").asLong());
    Set<String> reached = new TreeSet<>();
    report
        .get("points")
        .properties()
        .forEach(
            point -> {
              assertTrue(point.getValue().asInt() > 0, point.getKey());
              reached.add(point.getKey());
            });
    assertEquals(new TreeSet<>(points), reached);
    assertTrue(Files.isDirectory(directory));
  }

  @Test
  void wrongUse_isRefusedInOneLine() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertRefused("bench", "crash", "--cycles", -1);
    assertRefused("bench", "crash", "--cycles", 0, "--points", 0);
    assertRefused("bench", "crash", "--jobs", 0);
    assertRefused("bench", "crash", "--dir", temp);
    assertRefused("bench", "crash", "--dir", file);
  }

  private static void assertRefused(Object... arguments) {
    Program program = Program.run(arguments);
    assertEquals(Main.USAGE, program.status());
    assertEquals("", program.out());
    assertEquals(1, program.err().lines().count(), program.err());
  }
}
