package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** One execution of the program in this JVM. */
record Program(int status, String out, String err) {
  static Program run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    return new Program(command.execute(words), out.toString(), err.toString());
  }

  /** Runs what must be refused as wrong usage or input, with one line that says this. */
  static void assertRefused(String expected, Object... args) {
    Program program = Program.run(args);
    assertEquals(2, program.status(), program.err());
    assertEquals("", program.out());
    assertEquals(1, program.err().lines().count(), program.err());
    assertTrue(program.err().contains(expected), program.err());
  }
}
