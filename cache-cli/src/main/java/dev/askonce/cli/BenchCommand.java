package dev.askonce.cli;

import dev.askonce.bench.Benchmarks;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** {@code askonce bench}: runs the JMH benchmarks. */
@Command(
    name = "bench",
    description = "Runs the JMH benchmarks, with the allocation profiler.",
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "JMH-ARGUMENT",
      arity = "0..*",
      description = "What to run and how, as JMH takes it: LookupBenchmark -f 1, say.")
  private List<String> pattern = List.of();

  @Unmatched private List<String> options = List.of();

  @Override
  public Integer call() throws Exception {
    throw new UnsupportedOperationException(Benchmarks.class.getName() + pattern + options);
  }
}
