package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
