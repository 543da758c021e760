package dev.askonce.cli;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.evict.Evictions;
import dev.askonce.bench.evict.Row;
import dev.askonce.bench.evict.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce bench evict}: who leaves a full cache, ours and others. */
@Command(
    name = "evict",
    description =
        "Measures what a full cache saves under the engine's eviction by value, and under "
            + "W-TinyLFU (Caffeine), LRU, second chance, LFU with and without ageing and GDSF, on "
            + "streams of requests made from a seed: steady popularity, drift, flash topics, "
            + "scans, a loop, and costs and sizes that spread. Nothing is stored.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:by value saves at least what W-TinyLFU does, to within 1%, on every trace",
      "1:on some trace it does not; each is a line on standard error",
      "2:the command line is wrong"
    })
final class BenchEvictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "300000",
      description = "Requests of each trace. Default: ${DEFAULT-VALUE}.")
  private int requests;

  @Option(
      names = "--entries",
      paramLabel = "E",
      split = ",",
      description = "Sizes of the cache in entries. Default, without --bytes too: 1000,10000.")
  private List<Integer> entries = List.of();

  @Option(
      names = "--bytes",
      paramLabel = "B",
      split = ",",
      description =
          "Sizes of the cache in bytes; an entry has 4,000 on average. Default, without "
              + "--entries too: 4000000,40000000.")
  private List<Long> bytes = List.of();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "The same seed asks the same, and ours evicts the same; Caffeine draws a few of its "
              + "decisions by itself. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ReportOutput output;

  /** What is printed. The names are those of its JSON form and stay. */
  record Report(long seed, List<Row> rows, List<String> shortfalls) {}

  @Override
  public Integer call() throws IOException {
    if (entries.isEmpty() && bytes.isEmpty()) {
      entries = List.of(1_000, 10_000);
      bytes = List.of(4_000_000L, 40_000_000L);
    }
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    List<Row> rows = new ArrayList<>();
    new Evictions(new Settings(requests, entries, bytes, seed), progress).run(rows::add);
    List<String> shortfalls = Evictions.shortfalls(rows);
    output.print(new Report(seed, rows, shortfalls), BenchEvictCommand::print);
    shortfalls.forEach(spec.commandLine().getErr()::println);
    return shortfalls.isEmpty() ? 0 : 1;
  }

  private static void print(Report report, PrintWriter out) {
    out.println("      size  budget   trace         policy      saved cost    hits   bytes");
    for (Row row : report.rows()) {
      out.printf(
          "%,10d  %-7s  %-12s  %-10s  %9.1f%%  %5.1f%%  %5.1f%%%n",
          row.size(),
          row.budget(),
          row.trace(),
          row.policy(),
          100 * row.savedCostRatio(),
          100 * row.hitRatio(),
          100 * row.byteHitRatio());
    }
  }
}
