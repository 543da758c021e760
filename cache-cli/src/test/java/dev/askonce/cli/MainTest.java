package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

class MainTest {
  @TempDir Path temp;

  private static void assertRefused(String expected, Object... args) {
    Program program = Program.run(args);
    assertEquals(2, program.status());
    assertEquals("", program.out());
    assertEquals(1, program.err().lines().count(), program.err());
    assertTrue(program.err().contains(expected), program.err());
  }

  @Test
  void wrongUsage_isOneLineAndStatus2() {
    assertRefused("Missing a command");
    assertRefused("sing", "sing");
    assertRefused("--wings", "demo", "--wings");
    assertRefused("'many'", "demo", "--requests", "many");
    assertRefused("--requests 1 is not", "demo", "--requests", 1);
    assertRefused("DIR", "fsck");
    assertRefused("no store", "fsck", temp.resolve("nowhere"));
    assertRefused("Missing a command", "bench");
  }

  @Test
  void files_thatCannotBeUsed_areNamedInWords() throws IOException {
    assertRefused("there is no file or directory", "replay", "--make-log", temp.resolve("no/log"));
    Path cut = temp.resolve("cut.jsonl.gz");
    assertEquals(0, Program.run("replay", "--make-log", cut, "--requests", 50).status());
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 2_000));
    assertRefused("cut.jsonl.gz is damaged: not whole as gzip", "replay", "--log", cut);
    assertRefused("cut.jsonl.gz is damaged", "replay", "--audit", "--log", cut);
    assertRefused("cut.jsonl.gz is damaged", "eval", "compress", "--data", cut);
    Path prices = temp.resolve("prices.json.gz");
    Files.write(prices, Arrays.copyOf(Files.readAllBytes(cut), 12));
    assertRefused("not whole as gzip", "replay", "--log", cut, "--prices", prices);
    Path job = temp.resolve("job");
    String here = "http://localhost:1/v1";
    assertRefused(
        "cut.jsonl.gz is damaged",
        "batch",
        "submit",
        "--in",
        cut,
        "--dir",
        job,
        "--base-url",
        here,
        "--dry-run");
  }

  @Test
  void descriptions_areFormats() {
    List<CommandLine> commands = new ArrayList<>(List.of(Main.commandLine()));
    for (int i = 0; i < commands.size(); i++) {
      CommandLine command = commands.get(i);
      commands.addAll(command.getSubcommands().values());
      // What is no format is printed with a warning.
      for (String line : command.getCommandSpec().usageMessage().description()) {
        assertDoesNotThrow(() -> String.format(line), line);
      }
      for (ArgSpec option : command.getCommandSpec().args()) {
        for (String line : option.description()) {
          assertDoesNotThrow(() -> String.format(line), line);
        }
      }
    }
    assertTrue(commands.size() > 20, commands.size() + " commands");
  }

  @Test
  void help_isStatus0() {
    for (List<String> command :
        List.of(
            List.<String>of(),
            List.of("demo"),
            List.of("fsck"),
            List.of("bench"),
            List.of("replay"))) {
      Object[] args = Stream.concat(command.stream(), Stream.of("--help")).toArray();
      Program program = Program.run(args);
      assertEquals(0, program.status());
      assertTrue(program.out().startsWith("Usage: askonce"), program.out());
      assertEquals("", program.err());
    }
  }
}
