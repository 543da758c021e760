package dev.askonce.cli;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import dev.askonce.bench.reopen.Opened;
import dev.askonce.bench.reopen.Reopen;
import dev.askonce.bench.reopen.ReopenReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce bench reopen}: how soon a store answers that is opened again. */
@Command(
    name = "reopen",
    description =
        "Fills a store with one entry a vector, closes it and opens it again and again: after an "
            + "orderly close, after the process that had it open was killed, and in a new process, "
            + "whose whole start counts. A thousand of the entries are asked for by their vectors.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:measured",
      "1:an answer was wrong",
      "2:the input or the command line is wrong"
    })
final class BenchReopenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "F",
      description = "Vectors: little-endian 32-bit floats, row after row.")
  private Path base;

  @Option(names = "--dim", required = true, paramLabel = "D", description = "Floats of a row.")
  private int dimension;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Where the store is, and stays; one that an earlier run left is not filled again. "
              + "Default: a temporary one.")
  private Path directory;

  @Option(
      names = "--cycles",
      paramLabel = "N",
      defaultValue = "3",
      description = "Openings of each kind. Default: ${DEFAULT-VALUE}.")
  private int cycles;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed asks the same. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (cycles < 1) {
      throw new ParameterException(spec.commandLine(), "--cycles must be at least 1");
    }
    ReopenReport report;
    try (VectorFile vectors = VectorFile.open(base, dimension)) {
      Progress progress = new Progress(spec.commandLine().getErr()::println);
      Optional<Path> kept = Optional.ofNullable(directory);
      report = new Reopen(base, vectors, kept, cycles, seed, progress).run();
    }
    output.print(report, this::print);
    return report.wrong() == 0 ? 0 : 1;
  }

  private void print(ReopenReport report, PrintWriter out) {
    out.printf("%,d entries, medians of %d in ms%n", report.entries(), cycles);
    out.println("             open  first hit  records read  all answered");
    row(out, "clean", report.clean());
    row(out, "killed", report.unclean());
    double fresh = median(report.fresh(), Double::doubleValue);
    out.printf("new process  %,15.0f%n", fresh);
  }

  private static void row(PrintWriter out, String name, List<Opened> opened) {
    out.printf(
        "%-8s  %,7.0f  %,9.0f  %,12.0f  %,12.0f%n",
        name,
        median(opened, Opened::openMillis),
        median(opened, Opened::firstHitMillis),
        median(opened, Opened::recordsMillis),
        median(opened, Opened::allMillis));
  }

  private static <T> double median(List<T> rows, ToDoubleFunction<T> value) {
    double[] sorted = rows.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
