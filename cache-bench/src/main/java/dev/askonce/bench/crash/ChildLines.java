package dev.askonce.bench.crash;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child process and the lines it tells. It ends with this process at the latest. For one thread.
 */
public final class ChildLines implements AutoCloseable {
  /** After the last line; no child tells this. */
  public static final String END = "\0";

  private final Process process;
  private final Thread hook;
  private final Thread reader;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private ChildLines(Process process) {
    this.process = process;
    hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
    reader = Thread.ofVirtual().start(() -> collect(process.inputReader()));
  }

  /**
   * Starts a process.
   *
   * @param errors what it writes to its standard error is added there
   */
  public static ChildLines start(List<String> command, Path errors) throws IOException {
    return new ChildLines(
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start());
  }

  private void collect(BufferedReader output) {
    try (output) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // The pipe of a process that was just killed.
    } finally {
      lines.add(END);
    }
  }

  /** {@return the next line, {@link #END} after the last, or null if none came in time} */
  public String next(long nanos) throws InterruptedException {
    return lines.poll(nanos, TimeUnit.NANOSECONDS);
  }

  /** Tells the process a line. */
  public void tell(String line) throws IOException {
    BufferedWriter input = process.outputWriter();
    input.write(line);
    input.newLine();
    input.flush();
  }

  /** {@return the number of the process} */
  public long pid() {
    return process.pid();
  }

  /** Reads all lines. {@return false if none came for so long: the process hangs} */
  public boolean read(Duration silence, Consumer<String> reader) throws InterruptedException {
    while (true) {
      String line = next(silence.toNanos());
      if (line == null || line.equals(END)) {
        return line != null;
      }
      reader.accept(line);
    }
  }

  /** {@return the processor time that the process had so far} */
  long cpuMillis() {
    return process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
  }

  /** Asks a JVM for the stacks of its threads, which it tells as lines. */
  void dumpThreads() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Asks the process to end. {@return whether it has, in this time} */
  public boolean end(long millis) throws InterruptedException {
    process.destroy();
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Kills the process where it has not ended, and waits until all its lines are here. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.join();
  }

  /** Waits for the end. {@return the status} */
  public int status() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process is ending: the hook runs anyway.
    }
  }
}
