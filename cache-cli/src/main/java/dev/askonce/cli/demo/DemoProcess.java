package dev.askonce.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askonce.bench.data.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** A {@link DemoWorker} as its parent sees it. */
final class DemoProcess implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long END_SECONDS_MAX = 30;

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  private DemoProcess(Process process) {
    this.process = process;
    out = process.inputReader();
    in = process.outputWriter();
  }

  static DemoProcess start(DemoJob job) throws IOException {
    List<String> command =
        JavaCommand.of(
            List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
            JavaCommand.ownClassPath(),
            DemoWorker.class,
            List.of());
    DemoProcess started =
        new DemoProcess(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    started.in.write(MAPPER.writeValueAsString(job) + "\n");
    started.in.flush();
    return started;
  }

  /** Waits until all its requests are served. {@return what it came to} */
  DemoWork await(IntConsumer progress) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("{")) {
        return MAPPER.readValue(line, DemoWork.class);
      }
      progress.accept(Integer.parseInt(line.strip()));
    }
    throw new IOException("a process of the demo ended before its work was done");
  }

  /** Lets it close its cache and end. */
  @Override
  public void close() throws IOException {
    try {
      in.close();
      if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IOException("a process of the demo did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
