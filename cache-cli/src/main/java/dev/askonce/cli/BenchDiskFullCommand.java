package dev.askonce.cli;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.diskfull.DiskFull;
import dev.askonce.bench.diskfull.DiskFullReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce bench diskfull}: trouble with the disk, and with who wants the store. */
@Command(
    name = "diskfull",
    description =
        "Fills the disk under a store and frees it again: puts must be dropped and counted, lookups"
            + " go on, and puts resume. Then a read-only place; each file of a store missing,"
            + " replaced by a directory or a link, or too short; two openers, in one process and in"
            + " two; 5,000 virtual threads at once. With the right to mount, the disk is a small"
            + " file system in memory; else the length of files is limited. Each case is a"
            + " process.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all cases went as they must",
      "1:something was wrong, was lost, threw or hung",
      "2:the command line is wrong"
    })
final class BenchDiskFullCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--cycles",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often the disk fills up. Default: ${DEFAULT-VALUE}.")
  private int cycles;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed puts and asks the same. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--no-mount",
      description = "Limit the length of files even where a file system could be mounted.")
  private boolean noMount;

  @Option(
      names = "--cases",
      paramLabel = "C",
      split = ",",
      description = "Only these cases, by the names of the report. Default: all.")
  private List<String> cases = List.of();

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    DiskFullReport report = new DiskFull(cycles, seed, !noMount, cases, progress).run();
    output.print(report, BenchDiskFullCommand::print);
    return report.isGood() ? 0 : 1;
  }

  private static void print(DiskFullReport report, PrintWriter out) {
    out.printf(
        "%,d fills of the disk (%s), %,.0f s, seed %d%n",
        report.cycles(), report.method(), report.seconds(), report.seed());
    out.println("case                 wrong  lost    kept  dropped  opened  refused");
    report
        .cases()
        .forEach(
            (name, outcome) -> {
              out.printf(
                  "%-20s %,5d %,5d %,7d  %,7d %,7d  %,7d  %s%n",
                  name,
                  outcome.wrong(),
                  outcome.lost(),
                  outcome.kept(),
                  outcome.dropped(),
                  outcome.openings(),
                  outcome.refused(),
                  outcome.good() ? "good" : "BAD");
              outcome.findings().forEach(finding -> out.println("    " + finding));
            });
  }
}
