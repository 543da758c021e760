package dev.askonce.cli;

import dev.askonce.bench.crash.CrashCampaign;
import dev.askonce.bench.crash.CrashReport;
import dev.askonce.bench.crash.CrashSettings;
import dev.askonce.bench.data.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce bench crash}: processes that are killed while they work on a store. */
@Command(
    name = "crash",
    description =
        "Kills processes that put, look up, invalidate, close and open a store, at random moments "
            + "and at named points of the code. The next process on the same store asks for "
            + "everything: a hit must be, byte for byte, an answer that was put and not replaced, "
            + "removed or expired, and what was acknowledged must be there. What was begun and "
            + "done is written to a file outside of the store.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing was wrong, at least 99.9%% of the entries were kept, all points were reached",
      "1:something was wrong; stores and oracles are kept where the report says",
      "2:the command line is wrong, or a directory cannot be used"
    })
final class BenchCrashCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--cycles",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Ends at random moments, a third of them in openings, one in twenty by SIGTERM instead "
              + "of SIGKILL. Default: ${DEFAULT-VALUE}.")
  private int cycles;

  @Option(
      names = "--points",
      paramLabel = "K",
      defaultValue = "1",
      description = "Ends at each named point. Default: ${DEFAULT-VALUE}.")
  private int pointRuns;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "The same seed puts the same and kills at the same points; moments differ. "
              + "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--jobs",
      paramLabel = "J",
      description = "Stores that are worked on at once. Default: one for each processor.")
  private Integer jobs;

  @Option(
      names = "--dir",
      paramLabel = "D",
      description =
          "An empty or new directory for the stores, which is kept. Default: a temporary one, "
              + "deleted unless something was wrong.")
  private Path directory;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    CrashReport report;
    try (CrashCampaign campaign = new CrashCampaign(settings(), progress)) {
      report = campaign.run();
    }
    output.print(report, BenchCrashCommand::print);
    return report.isGood() ? 0 : 1;
  }

  private CrashSettings settings() {
    return new CrashSettings(
        cycles,
        pointRuns,
        seed,
        jobs == null ? Runtime.getRuntime().availableProcessors() : jobs,
        Optional.ofNullable(directory));
  }

  private static void print(CrashReport report, PrintWriter out) {
    out.printf(
        "%,d kills in %,.0f s, at random moments %,d by SIGKILL and %,d by SIGTERM, "
            + "%,d verifications, seed %d%n",
        report.cycles(),
        report.seconds(),
        report.randomKills(),
        report.terminations(),
        report.verified(),
        report.seed());
    out.printf(
        "%,d wrong, %,d hung, %,d refused, %,d failed, %,d puts dropped%n",
        report.wrong(), report.hung(), report.refused(), report.failed(), report.dropped());
    out.printf(
        "%,d acknowledged entries kept, %,d lost (%.4f%% kept)%n",
        report.kept(), report.lost(), 100 * report.keptShare());
    report.points().forEach((point, count) -> out.printf("%6d  %s%n", count, point));
    out.printf("%,d kills at points that were not reached%n", report.unreachedPoints());
    report.findings().forEach(out::println);
    report.evidence().forEach(path -> out.println("kept for examination: " + path));
  }
}
