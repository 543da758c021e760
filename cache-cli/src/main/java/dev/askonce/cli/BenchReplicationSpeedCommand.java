package dev.askonce.cli;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.fleet.FleetBenchmark;
import dev.askonce.bench.fleet.FleetReport;
import dev.askonce.bench.fleet.FleetSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce bench replication-speed}: what a fleet's replication costs and does. */
@Command(
    name = "replication-speed",
    description =
        "Measures caches that a Redis server keeps equal: processes of their own beside a server "
            + "that is started for each measurement and ended after it. Questions have vectors of "
            + "384 components, answers 1 kB. All processes share this machine's processors.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all targets hold",
      "1:one does not",
      "2:the command line is wrong",
    })
final class BenchReplicationSpeedCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--part",
      paramLabel = "P",
      split = ",",
      description = "Only these: ${COMPLETION-CANDIDATES}. Default: all.")
  private Set<FleetSettings.Part> parts = EnumSet.allOf(FleetSettings.Part.class);

  @Option(
      names = "--latencies",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Puts whose way to a hit is timed, one each 5 ms. Default: ${DEFAULT-VALUE}.")
  private int latencies;

  @Option(
      names = "--puts",
      paramLabel = "N",
      defaultValue = "50000",
      description = "Entries that are replicated at full speed. Default: ${DEFAULT-VALUE}.")
  private int puts;

  @Option(
      names = "--lookup-entries",
      paramLabel = "N",
      defaultValue = "50000",
      description = "Entries that are looked up in. Default: ${DEFAULT-VALUE}.")
  private int lookupEntries;

  @Option(
      names = "--join-entries",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Entries of the scope that is joined. Default: ${DEFAULT-VALUE}.")
  private int joinEntries;

  @Option(
      names = "--processes",
      paramLabel = "N",
      defaultValue = "10",
      description = "Processes that ask the same at once. Default: ${DEFAULT-VALUE}.")
  private int processes;

  @Option(
      names = "--questions",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Questions that each of them asks. Default: ${DEFAULT-VALUE}.")
  private int questions;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    FleetReport report =
        new FleetBenchmark(
                new FleetSettings(
                    parts, latencies, puts, lookupEntries, joinEntries, processes, questions),
                progress)
            .run();
    output.print(report, BenchReplicationSpeedCommand::print);
    return report.isGood() ? 0 : 1;
  }

  private static void print(FleetReport report, PrintWriter out) {
    out.printf("%d processors, load %.1f before%n", report.processors(), report.load());
    FleetReport.Latency l = report.latency();
    if (l != null) {
      out.printf(
          "put to hit elsewhere, %,d: p50 %.2f ms, p99 %.2f ms, longest %.1f ms%n",
          l.puts(), l.p50Millis(), l.p99Millis(), l.maxMillis());
    }
    if (report.lookups() != null) {
      print(report.lookups(), out);
    }
    for (FleetReport.Puts puts :
        Arrays.asList(report.putsOfManyScopes(), report.putsOfOneScope())) {
      if (puts != null) {
        print(puts, out);
      }
    }
    FleetReport.Join j = report.join();
    if (j != null) {
      out.printf(
          "joined %,d entries in %.1f s, %d not found; %,d to be linked, %.1f s more%n",
          j.entries(), j.seconds(), j.unfound(), j.unlinked(), j.linkSeconds());
    }
    FleetReport.Calls c = report.calls();
    if (c != null) {
      out.printf(
          "%d processes asked %,d questions each: %,d model calls, %d of them uncoordinated, "
              + "%d wrong, %.1f s%n",
          c.processes(), c.questions(), c.modelCalls(), c.uncoordinated(), c.wrong(), c.seconds());
    }
  }

  private static void print(FleetReport.Lookups lookups, PrintWriter out) {
    out.printf(
        "lookups/s on, off, on/off, %,d entries, %d rounds%n"
            + "  by vector %,.0f %,.0f %.3f%n  exact     %,.0f %,.0f %.3f%n",
        lookups.entries(),
        lookups.rounds(),
        lookups.vectorOn(),
        lookups.vectorOff(),
        lookups.vectorRatio(),
        lookups.exactOn(),
        lookups.exactOff(),
        lookups.exactRatio());
  }

  private static void print(FleetReport.Puts puts, PrintWriter out) {
    out.printf(
        "%,d puts into %d scopes, entries/s: published %,.0f, received %,.0f, both at once %,.0f%n"
            + "  lag p50 %,d ms, p99 %,d ms, queue at most %,d; %d not found at once%n"
            + "  %,d to be linked then, %.1f s more%n",
        puts.puts(),
        puts.scopes(),
        puts.publishing(),
        puts.receiving(),
        puts.together(),
        puts.lagMillisP50(),
        puts.lagMillisP99(),
        puts.queuedMax(),
        puts.unfound(),
        puts.unlinked(),
        puts.linkSeconds());
  }
}
