package dev.askonce.cli;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.soak.Growth;
import dev.askonce.bench.soak.Soak;
import dev.askonce.bench.soak.SoakReport;
import dev.askonce.bench.soak.SoakSettings;
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

/** {@code askonce bench soak}: a full cache for a long time, in a process that measures itself. */
@Command(
    name = "soak",
    description =
        "Puts into a full cache, half of whose entries expire and half are evicted, while a reader "
            + "looks up; twice a turnover the process measures its memory, maps, files and heap. "
            + "The slope of each over the last 80%% is told as a share of its mean.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing was wrong, and resident memory, maps and files grew by less than 2%%",
      "1:something was wrong, or grew",
      "2:the command line is wrong, or a directory cannot be used"
    })
final class BenchSoakCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--turnovers",
      paramLabel = "T",
      defaultValue = "100",
      description =
          "How often as many entries are put as there is room for. Default: ${DEFAULT-VALUE}.")
  private int turnovers;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "0",
      description = "Ends after so many minutes, if that is sooner. Default: no limit.")
  private double minutes;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Room of the cache. Default: ${DEFAULT-VALUE}.")
  private int entries;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed puts and asks the same. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--dir",
      paramLabel = "D",
      description =
          "An empty or new directory for the store, which is kept. Default: a temporary one.")
  private Path directory;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    SoakReport report =
        new Soak(
                new SoakSettings(entries, turnovers, minutes, seed, Optional.ofNullable(directory)),
                progress)
            .run();
    output.print(report, BenchSoakCommand::print);
    return report.isGood() ? 0 : 1;
  }

  private static void print(SoakReport report, PrintWriter out) {
    out.printf(
        "%,d turnovers of %,d entries in %,.0f s, %,d puts, %,d lookups, %,d hits, seed %d%n",
        report.cycles(),
        report.entries(),
        report.seconds(),
        report.puts(),
        report.lookups(),
        report.hits(),
        report.seed());
    out.printf(
        "%,d wrong, %,d lost of %,d asked for after their put, %,d hung, %,d failed, %,d dropped; "
            + "%,d evicted, %,d expired%n",
        report.wrong(),
        report.lost(),
        report.kept() + report.lost(),
        report.hung(),
        report.failed(),
        report.dropped(),
        report.evicted(),
        report.expired());
    out.printf(
        "last 80%% of %d samples (%s)      first         last         mean  growth%n",
        report.samples(), report.source());
    print(out, "resident, bytes", report.resident());
    print(out, "private and written, bytes", report.dirty());
    print(out, "maps", report.maps());
    print(out, "open files", report.descriptors());
    print(out, "heap in use, bytes", report.heap());
    report.findings().forEach(out::println);
  }

  private static void print(PrintWriter out, String name, Growth growth) {
    out.printf(
        "%-26s %,13.0f %,12.0f %,12.0f  %+.2f%%%n",
        name, growth.first(), growth.last(), growth.mean(), 100 * growth.share());
  }
}
