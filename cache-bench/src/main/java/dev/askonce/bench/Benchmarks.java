package dev.askonce.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.openjdk.jmh.Main;

/**
 * Runs the benchmarks: JMH with the allocation profiler on. Takes JMH's arguments; {@code -h} lists
 * them. Forks run with the flags of this JVM, so start it with those of {@code askonce.jvmargs}.
 */
public final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] args) throws IOException {
    Main.main(Stream.concat(Stream.of("-prof", "gc"), Arrays.stream(args)).toArray(String[]::new));
  }
}
