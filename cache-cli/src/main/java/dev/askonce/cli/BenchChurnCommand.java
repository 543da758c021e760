package dev.askonce.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.askonce.bench.churn.Churn;
import dev.askonce.bench.churn.Settings;
import dev.askonce.bench.churn.Turnover;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce bench churn}: a full cache whose entries come and expire. */
@Command(
    name = "churn",
    description =
        "Replaces all entries of a full cache again and again, by puts and expiry. "
            + "Readers look up meanwhile. After each turnover puts pause, and the cache is "
            + "compared with an exact search: 2,000 vectors of the base that are never put "
            + "(a tenth of a small base), and half as many copies, at a cosine of 0.93, of "
            + "entries that are alive. Then each live entry is asked for by its own vector. "
            + "A base that is smaller than the cache is used several times, by copies at "
            + "0.90 to 0.97.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all turnovers are measured",
      "1:a recall is of no question at all, or a put was dropped",
      "2:the input or the command line is wrong"
    })
final class BenchChurnCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "F",
      description = "Vectors: little-endian 32-bit floats, row after row; equal rows count once.")
  private Path base;

  @Option(names = "--dim", required = true, paramLabel = "D", description = "Floats of a row.")
  private int dimension;

  @Option(
      names = "--live",
      required = true,
      paramLabel = "N",
      description = "Entries that are alive at any time, from 64.")
  private int live;

  @Option(
      names = "--turnovers",
      required = true,
      paramLabel = "T",
      description = "How often all of them are replaced.")
  private int turnovers;

  @Option(
      names = "--readers",
      paramLabel = "R",
      defaultValue = "1",
      description = "Threads that look up meanwhile. Default: ${DEFAULT-VALUE}.")
  private int readers;

  @Option(
      names = "--backlog",
      paramLabel = "B",
      defaultValue = "1024",
      description =
          "Puts wait while more entries than these are not linked yet, since else there "
              + "is no steady state; the waits are no part of insertMicros. Default: "
              + "${DEFAULT-VALUE}.")
  private int backlog;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed puts and asks the same. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "Print JSON Lines, one for each turnover.")
  private boolean json;

  private boolean measured = true;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    try (VectorFile vectors = VectorFile.open(base, dimension);
        Churn churn =
            new Churn(vectors, new Settings(live, turnovers, seed, readers, backlog), progress)) {
      if (vectors.isScaled()) {
        progress.step("rows were not of length 1 and are scaled; --dim may be wrong");
      }
      churn.run(this::print);
    }
    return measured ? 0 : 1;
  }

  private void print(Turnover row) {
    measured &= row.isMeasured();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      try {
        out.println(JsonOutput.MAPPER.writeValueAsString(row));
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    } else {
      if (row.turnover() == 1) {
        out.println(
            "turnover  decision≥.90  recall@1  unreachable  not found  insert µs p50, p99"
                + "  lookup µs p50, p99  file MB  heap MB");
      }
      out.printf(
          "%8d  %12.4f  %8.4f  %,11d  %,9d  %8.0f  %8.0f  %8.0f  %8.0f  %7.1f  %7.1f%n",
          row.turnover(),
          row.decisionRecall90(),
          row.recallAt1(),
          row.unreachable(),
          row.notFound(),
          row.insertMicros().p50(),
          row.insertMicros().p99(),
          row.lookupMicros().p50(),
          row.lookupMicros().p99(),
          row.fileBytes() / 1e6,
          row.heapBytes() / 1e6);
    }
    out.flush();
  }
}
