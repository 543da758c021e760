package dev.askonce.cli;

import dev.askonce.bench.Benchmarks;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code askonce bench}: measurements. */
@Command(
    name = "bench",
    description = "Measures the engine on this machine.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = BenchCommand.Jmh.class)
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command: jmh");
  }

  /** {@code askonce bench jmh}. */
  @Command(
      name = "jmh",
      description = {
        "Runs the JMH benchmarks with the allocation profiler.",
        "All arguments go to JMH: a pattern of names, -f forks, -l to list."
      },
      mixinStandardHelpOptions = true)
  static final class Jmh implements Runnable {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PATTERN", arity = "0..*", description = "Which benchmarks to run.")
    private List<String> patterns = List.of();

    @Unmatched private List<String> options = List.of();

    @Override
    public void run() {
      // The arguments as they came, since an option of JMH's has its value behind it.
      List<String> all = spec.commandLine().getParseResult().originalArgs();
      int own = all.indexOf("jmh");
      try {
        Benchmarks.main(all.subList(own + 1, all.size()).toArray(String[]::new));
      } catch (IOException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage(), e);
      }
    }
  }
}
