package dev.askonce.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.askonce.bench.data.GrowReport;
import dev.askonce.bench.data.GrownSet;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce bench grow}: a larger set of vectors from a real one. */
@Command(
    name = "grow",
    description =
        "Makes a larger set of vectors with the neighbourhoods of a real one. The set "
            + "is the real vectors and copies of them, turned within the space so that they "
            + "are new topics with the old mean and covariance, in random order. Nearest "
            + "and tenth nearest cosines of both sets are then compared by exact search "
            + "over samples.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the nearest cosines are distributed as the real ones, within 0.05 (Kolmogorov-Smirnov)",
      "1:the set is written, and they are not",
      "2:the input or the command line is wrong; nothing is written"
    })
final class BenchGrowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "F",
      description = "The real set: little-endian 32-bit floats, row after row, from 100 rows on.")
  private Path base;

  @Option(names = "--dim", required = true, paramLabel = "D", description = "Floats of a row.")
  private int dimension;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "N",
      description = "Rows to have, more than the real set has.")
  private int count;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "G",
      description = "The file to write; one that is there is replaced when all is done.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed gives the same file. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    try (VectorFile real = VectorFile.open(base, dimension)) {
      if (real.isScaled()) {
        progress.step("rows were not of length 1 and are scaled; --dim may be wrong");
      }
      GrowReport report = GrownSet.write(real, count, out, seed, progress);
      print(report);
      return report.isFaithful() ? 0 : 1;
    }
  }

  private void print(GrowReport report) throws JsonProcessingException {
    PrintWriter to = spec.commandLine().getOut();
    if (json) {
      to.println(JsonOutput.MAPPER.writeValueAsString(report));
    } else {
      to.printf("%,d rows from %,d, %.0f s%n", report.rows(), report.baseRows(), report.seconds());
      to.printf("                       real    grown   distance (Kolmogorov-Smirnov)%n");
      to.printf(
          "nearest cosine, p50  %6.4f   %6.4f   %.4f, at most %.2f is asked%n",
          report.nearestReal(), report.nearestGrown(), report.ksNearest(), GrowReport.KS_MAX);
      to.printf(
          "tenth cosine, p50    %6.4f   %6.4f   %.4f%n",
          report.tenthReal(), report.tenthGrown(), report.ksTenth());
      to.printf(
          "intrinsic dimension  %6.2f   %6.2f%n",
          report.intrinsicDimensionReal(), report.intrinsicDimensionGrown());
      to.printf(
          "%d copies; of the ten nearest %.1f%% are of another copy, %.1f%% of the same origin%n",
          report.copies(), 100 * report.fromOtherCopies(), 100 * report.siblings());
    }
    to.flush();
  }
}
