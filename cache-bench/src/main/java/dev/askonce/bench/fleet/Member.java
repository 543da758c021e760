package dev.askonce.bench.fleet;

import dev.askonce.bench.crash.ChildJvm;
import dev.askonce.bench.crash.ChildLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link FleetChild}, as its parent sees it. For one thread. */
final class Member implements AutoCloseable {
  private static final long ANSWER_NANOS_MAX = TimeUnit.MINUTES.toNanos(6);
  private static final long END_MILLIS_MAX = 10_000;

  private final String name;
  private final Path errors;
  private final ChildLines lines;

  private Member(String name, Path errors, ChildLines lines) {
    this.name = name;
    this.errors = errors;
    this.lines = lines;
  }

  /**
   * Starts a process.
   *
   * @param address of the server, or null for a cache that is alone
   */
  static Member start(ChildJvm jvm, Path directory, String name, String address, String heap)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(directory.resolve(name).toString()));
    if (address != null) {
      arguments.add(address);
    }
    Path errors = directory.resolve(name + ".errors");
    List<String> flags = List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-Xlog:disable");
    Member member =
        new Member(
            name, errors, ChildLines.start(jvm.plain(flags, FleetChild.class, arguments), errors));
    member.answer();
    return member;
  }

  String name() {
    return name;
  }

  /** Gives a task whose {@link #answer} is asked for later. */
  void tell(String task) throws IOException {
    lines.tell(task);
  }

  /** {@return the words of the next answer} */
  String[] answer() throws IOException, InterruptedException {
    String line = lines.next(ANSWER_NANOS_MAX);
    if (line == null || line.equals(ChildLines.END)) {
      throw new IllegalStateException("a process failed: " + Files.readString(errors));
    }
    return line.split(" ");
  }

  /** Gives a task and waits for its answer. */
  String[] ask(String task) throws IOException, InterruptedException {
    tell(task);
    return answer();
  }

  long askLong(String task) throws IOException, InterruptedException {
    return Long.parseLong(ask(task)[0]);
  }

  /** Stops the process where it is, or lets it go on. */
  void signal(String signal) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + signal, Long.toString(lines.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("kill -" + signal + " ended with " + status);
    }
  }

  @Override
  public void close() {
    try {
      lines.end(END_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lines.close();
  }
}
