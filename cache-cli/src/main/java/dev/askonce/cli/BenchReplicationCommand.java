package dev.askonce.cli;

import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.replication.FaultCampaign;
import dev.askonce.bench.replication.FaultReport;
import dev.askonce.bench.replication.FaultSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce bench replication}: caches that share through servers with faults. */
@Command(
    name = "replication",
    description =
        "Starts real Redis servers and five caches that share through them. Puts, removes and "
            + "asks while replies are cut, halved, delayed, swapped or replaced, servers are "
            + "flushed, full, killed or replaced by their replicas, and caches are killed. After "
            + "each round all caches must answer the same, and so must one that was empty before.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing was wrong, lost or unequal",
      "1:something was",
      "2:the command line is wrong",
      "3:the servers did not do what they were told; what was until then is printed"
    })
final class BenchReplicationCommand implements Callable<Integer> {
  private static final int NO_SERVERS = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--faults",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Faults that are injected, at least. Default: ${DEFAULT-VALUE}.")
  private int faults;

  @Option(
      names = "--round",
      paramLabel = "R",
      defaultValue = "1000",
      description = "Faults between two comparisons of all caches. Default: ${DEFAULT-VALUE}.")
  private int round;

  @Option(
      names = "--failovers",
      paramLabel = "F",
      defaultValue = "0",
      description =
          "Of the faults those in which a replica takes its primary's place, at least; half of them"
              + " lack what it had last. Some are drawn in any case where there are replicas."
              + " Default: ${DEFAULT-VALUE}.")
  private int failovers;

  @Option(
      names = "--topology",
      paramLabel = "T",
      defaultValue = "single",
      description = "single, cluster or sentinel. Default: ${DEFAULT-VALUE}.")
  private FaultSettings.Topology topology;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of the order of calls and faults. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException {
    FaultSettings settings = new FaultSettings(faults, round, failovers, seed, topology);
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    try (Folders.Work work = Folders.work(Optional.empty(), "askonce-replication")) {
      FaultReport report = FaultCampaign.run(settings, work.path(), progress);
      output.print(report, BenchReplicationCommand::print);
      if (report.failure() != null) {
        spec.commandLine().getErr().println("askonce: the servers failed: " + report.failure());
      }
      return status(report);
    }
  }

  static int status(FaultReport report) {
    if (!report.isGood()) {
      return 1;
    }
    return report.failure() == null ? 0 : NO_SERVERS;
  }

  private static void print(FaultReport report, PrintWriter out) {
    out.printf(
        "%,d faults in %,d rounds, %s, %,.0f s, seed %d%n",
        report.total(), report.rounds(), report.topology(), report.seconds(), report.seed());
    report.faults().forEach((kind, count) -> out.printf("  %-13s %,9d%n", kind, count));
    out.printf(
        "%,d puts, %,d removals, %,d lookups, %,d hits; %,d joins, %,d losses noticed, "
            + "%,d snapshots; %,d bytes that replicas lacked as they became primaries%n",
        report.puts(),
        report.removals(),
        report.lookups(),
        report.hits(),
        report.joins(),
        report.losses(),
        report.snapshots(),
        report.tailBytes());
    out.printf(
        "%,d wrong answers, %,d lost puts, %,d unequal%n",
        report.wrong(), report.lost(), report.unequal());
    report.findings().forEach(out::println);
  }
}
