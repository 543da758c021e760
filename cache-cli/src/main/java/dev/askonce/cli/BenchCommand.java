package dev.askonce.cli;

import dev.askonce.bench.Benchmarks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code askonce bench}: measurements. */
@Command(
    name = "bench",
    description = "Measures the engine on this machine.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchCommand.Jmh.class,
      BenchEmbedCommand.class,
      BenchGrowCommand.class,
      BenchChurnCommand.class,
      BenchReopenCommand.class,
      BenchCrashCommand.class,
      BenchSoakCommand.class,
      BenchIsolationCommand.class,
      BenchReplicationCommand.class,
      BenchCorruptCommand.class,
      BenchEvictCommand.class,
      BenchPowerLossCommand.class,
      BenchDiskFullCommand.class,
      BenchFuzzCommand.class,
      BenchReplicationSpeedCommand.class,
      BenchVectorsCommand.class,
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command; --help lists them");
  }

  /** {@code askonce bench jmh}. */
  @Command(
      name = "jmh",
      description = {
        "Runs the JMH benchmarks with the allocation profiler.",
        "All arguments go to JMH: a pattern of names, -f forks, -l to list, -h for the rest."
      })
  static final class Jmh implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
    private boolean help;

    // Not read: JMH gets the arguments as they came, since an option of its has a value behind it.
    @Unmatched private final List<String> forJmh = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
      List<String> all = spec.commandLine().getParent().getParent().getParseResult().originalArgs();
      Benchmarks.main(all.subList(2, all.size()).toArray(String[]::new));
      return 0;
    }
  }
}
