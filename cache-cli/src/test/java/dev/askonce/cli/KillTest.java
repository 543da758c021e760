package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, killed at random moments and started again on the same store. */
class KillTest {
  private static final int KILLS = 10;
  private static final long WORK_MILLIS_MAX = 2500;

  @TempDir Path temp;

  private Process start(Path store) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of(System.getProperty("askonce.root"), "askonce.jvmargs"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of("demo", "--requests", "100000", "--dir", store.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(temp.resolve("output").toFile())
        .start();
  }

  private void awaitTraffic(Process demo) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!output().contains("questions")) {
      assertFalse(demo.waitFor(20, TimeUnit.MILLISECONDS), output());
      assertTrue(System.nanoTime() < deadline, output());
    }
  }

  private String output() throws IOException {
    return Files.readString(temp.resolve("output"));
  }

  @Test
  void killedDemo_startsAgain() throws IOException, InterruptedException {
    long seed = Long.getLong("askonce.seed", System.nanoTime());
    System.out.println("-Daskonce.seed=" + seed);
    Random random = new Random(seed);
    Path store = temp.resolve("store");
    for (int i = 0; i < KILLS; i++) {
      Process demo = start(store);
      // Every other kill hits the traffic, the rest the opening and the recovery of the one before.
      if (i % 2 == 1) {
        awaitTraffic(demo);
      }
      boolean ended = demo.waitFor(random.nextLong(WORK_MILLIS_MAX), TimeUnit.MILLISECONDS);
      assertFalse(ended, output());
      demo.destroyForcibly().waitFor();
    }
    Program last = Program.run("demo", "--json", "--requests", 100, "--dir", store);
    assertEquals(0, last.status(), last.err());
    JsonNode report = JsonOutput.MAPPER.readTree(last.out());
    assertEquals(0, report.get("crossTenantHits").asInt());
    assertEquals(0, Program.run("fsck", store).status());
    try (var files = Files.list(store)) {
      assertEquals(
          List.of(),
          files.filter(file -> file.getFileName().toString().startsWith("aside")).toList());
    }
  }
}
