package dev.askonce.cli;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.powerloss.PowerLoss;
import dev.askonce.bench.powerloss.PowerLossReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce bench powerloss}: simulated power cuts. */
@Command(
    name = "powerloss",
    description = {
      "Cuts the power of a simulated disk at every named moment of puts, replacements, "
          + "invalidations, openings and closings. Of what was not forced each page, name, length "
          + "and frame is kept, lost or torn by itself; the store is opened as it then is, and "
          + "asked for all that was ever put. An answer must be a stored one or a miss; what an "
          + "orderly close held must be there, and what was invalidated must not.",
      "First every combination at moments of single operations that leave at most 4,096 of "
          + "them, then combinations by chance, some of them with real Chronicle Maps. In child "
          + "JVMs: one that dies or hangs is counted.",
      "With the defaults some minutes on two cores."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing wrong was found",
      "1:something was: see the findings",
      "2:the command line is wrong"
    })
final class BenchPowerLossCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--cycles",
      paramLabel = "N",
      defaultValue = "50000",
      description = "Stores made by chance, about. Default: ${DEFAULT-VALUE}.")
  private long cycles;

  @Option(
      names = "--every",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Of the moments of single operations go through each K-th. Default: ${DEFAULT-VALUE}, "
              + "all.")
  private int every;

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
      description = "The same seed does the same operations. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    require(cycles >= 0, "--cycles " + cycles + " is negative");
    require(every >= 1, "--every " + every + " is not positive");
    require(parallel >= 1 && parallel <= 64, "--parallel " + parallel + " not in 1..64");
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    PowerLossReport report = new PowerLoss(seed, cycles, every, parallel).run(progress);
    output.print(report, BenchPowerLossCommand::print);
    return report.sound() ? 0 : 1;
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private static void print(PowerLossReport report, PrintWriter out) {
    out.printf(
        "%,d stores in %.0f s, %,d of them with Chronicle Maps; all combinations of %,d moments%n",
        report.cycles(), report.seconds(), report.chronicle(), report.exhausted());
    out.printf(
        "wrong answers %,d, invalidated ones that came back %,d, lost from the disk %,d%n",
        report.wrong(), report.revived(), report.excess());
    out.printf(
        "hung %,d, JVMs that died %,d, refused %,d, thrown %,d, grown %,d%n",
        report.hung(), report.crashed(), report.refused(), report.thrown(), report.grown());
    out.printf(
        "texts that answered %,d, that did not %,d; stores moved aside %,d%n",
        report.kept(), report.lost(), report.movedAside());
    report.findings().forEach(out::println);
  }
}
