package dev.askonce.bench.vectors;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A process that answers each line with one line. Ends with {@link #close}. */
final class NativeProgram implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter commands;

  NativeProgram(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
  }

  /**
   * Sends a command.
   *
   * @return the words of the answer
   * @throws IOException if the process has ended
   */
  String[] ask(String command) throws IOException {
    commands.println(command);
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("no answer to: " + command);
    }
    return answer.split(" ");
  }

  @Override
  public void close() {
    process.destroy();
  }
}
