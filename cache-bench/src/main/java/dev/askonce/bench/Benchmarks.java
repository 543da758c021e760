package dev.askonce.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.Main;

/**
 * Runs the benchmarks: JMH, with the allocation profiler unless another is asked for. Takes JMH's
 * arguments; {@code -h} lists them. Forks run with the flags of this JVM, so start it with those of
 * {@code askonce.jvmargs}.
 */
public final class Benchmarks {
  private static final List<String> ALLOCATION_PROFILER = List.of("-prof", "gc");

  private Benchmarks() {}

  public static void main(String[] args) throws IOException {
    List<String> given = Arrays.asList(args);
    List<String> added = given.contains("-prof") ? List.of() : ALLOCATION_PROFILER;
    Main.main(Stream.concat(added.stream(), given.stream()).toArray(String[]::new));
  }
}
