package dev.askonce.cli;

import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.Progress;
import dev.askonce.fuzz.Fuzz;
import dev.askonce.fuzz.FuzzReport;
import dev.askonce.fuzz.FuzzSettings;
import dev.askonce.fuzz.TargetReport;
import dev.askonce.fuzz.Targets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce bench fuzz}: bytes that nobody has written. */
@Command(
    name = "fuzz",
    description = {
      "Hands every parser of stored or foreign bytes inputs that a coverage-guided fuzzer makes, "
          + "with checksums that hold where that leads further, and the engine sequences of calls.",
      "An input must be refused as documented, or be read as it was written; a lookup must give "
          + "what was stored, or miss. Each target in a child JVM; one that finds something ends.",
      "With the defaults about ten minutes on two cores."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing was found",
      "1:something was: see the findings",
      "2:the command line is wrong"
    })
final class BenchFuzzCommand implements Callable<Integer> {
  /** The names of all targets. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Targets.names().iterator();
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--target",
      paramLabel = "T",
      completionCandidates = Names.class,
      description =
          "Only this one; may be given again. One of: ${COMPLETION-CANDIDATES}; or a class of "
              + "yours that implements dev.askonce.fuzz.Target.")
  private List<String> targets = List.of();

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "1",
      description = "The most time of each target. Default: ${DEFAULT-VALUE}.")
  private double minutes;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "9223372036854775807",
      description = "The most inputs of each target. Default: as many as there is time for.")
  private long runs;

  @Option(
      names = "--parallel",
      paramLabel = "P",
      defaultValue = "2",
      description = "Child JVMs at a time. Default: ${DEFAULT-VALUE}.")
  private int parallel;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "With --runs and the same corpus, a seed makes the same inputs. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      description =
          "Begin with the inputs kept here too, and keep those that led somewhere new, "
              + "a file for each target.")
  private Optional<Path> corpora = Optional.empty();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Keep inputs of findings here, an empty or new directory. Default: a temporary one, "
              + "which stays if there are any.")
  private Optional<Path> dir = Optional.empty();

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    require(minutes > 0 && minutes <= 10_000, "--minutes " + minutes + " not in 0..10000");
    require(runs >= 1, "--runs " + runs + " is not positive");
    require(parallel >= 1 && parallel <= 64, "--parallel " + parallel + " not in 1..64");
    for (String target : targets) {
      require(Targets.isKnown(target), "--target " + target + " is unknown");
    }
    if (corpora.isPresent()) {
      Files.createDirectories(corpora.get());
    }
    FuzzSettings settings =
        new FuzzSettings(
            targets.isEmpty() ? Targets.names() : targets,
            runs,
            Math.max(1, Math.round(60 * minutes)),
            seed,
            parallel,
            corpora);
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    try (Folders.Work found = Folders.work(dir, "askonce-fuzz-")) {
      FuzzReport report = new Fuzz(settings, progress).run(found);
      output.print(report, BenchFuzzCommand::print);
      return report.sound() ? 0 : 1;
    }
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private static void print(FuzzReport report, PrintWriter out) {
    for (TargetReport target : report.targets()) {
      out.printf(
          "%-15s %,14d inputs, %,9d a second, %,6d edges, corpus of %,d%n",
          target.target(),
          target.executions(),
          target.executionsPerSecond(),
          target.edges(),
          target.inputs());
    }
    out.printf(
        "%,d inputs in %.0f s: %d findings%n",
        report.executions(), report.seconds(), report.findings());
    report.targets().forEach(target -> target.findings().forEach(out::println));
  }
}
