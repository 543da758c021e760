package dev.askonce.cli;

import dev.askonce.bench.vectors.Peer;
import dev.askonce.bench.vectors.Row;
import dev.askonce.bench.vectors.RowTable;
import dev.askonce.bench.vectors.Summary;
import dev.askonce.bench.vectors.VectorBenchmark;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce bench vectors}: our index and others on the same vectors. */
@Command(
    name = "vectors",
    description = {
      "Measures our index and its peers on the vectors of two files, in one run.",
      "Files are flat: little-endian 32-bit floats, one vector after another; they",
      "are scaled to length 1. Recalls are judged by the exact truth. Three modes:",
      "any entry at the threshold, the best 4 over 0.80, and the nearest. A quarter",
      "of the queries is not measured: ours may learn from them when to stop early.",
      "A summary of the targets goes to standard error."
    },
    mixinStandardHelpOptions = true)
final class BenchVectorsCommand implements Callable<Integer> {
  private static final String NO_PEERS = "none";
  private static final int DIMENSION_MIN = 8;
  private static final int DIMENSION_MAX = 4096;
  private static final double LEARN_SECONDS_MAX = 60;

  /** A short run is not for figures: it learns for so many times what it measures of a row. */
  private static final double LEARN_SHARE = 30;

  @Spec private CommandSpec spec;

  @Option(names = "--base", paramLabel = "F", required = true, description = "The entries.")
  private Path base;

  @Option(
      names = "--queries",
      paramLabel = "F",
      required = true,
      description = "The queries; they should not stand in the base.")
  private Path queries;

  @Option(
      names = "--dim",
      paramLabel = "D",
      required = true,
      description = "Components of a vector, from 8 to 4096.")
  private int dimension;

  @Option(
      names = "--tau",
      paramLabel = "C",
      defaultValue = "0.9",
      description = "The threshold of a hit, a raw cosine. Default: ${DEFAULT-VALUE}.")
  private float tau;

  @Option(
      names = "--peers",
      paramLabel = "P",
      split = ",",
      defaultValue = "lucene,lucene8,jvector,hnswlib",
      description = {
        "Whom to measure beside ours, or none. Default: ${DEFAULT-VALUE}.",
        "hnswlib is the Java port; it brings hnswlib-cpp,",
        "where the original's header and g++ are installed."
      })
  private List<String> peers;

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "1",
      description = "How many build, and search. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "Searching for each row. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--build-seconds-max",
      paramLabel = "S",
      defaultValue = "1800",
      description = "A peer that takes longer to build is left out. Default: ${DEFAULT-VALUE}.")
  private double buildSecondsMax;

  @Option(names = "--json", description = "Print a JSON document a line, one for each row.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    require(
        dimension >= DIMENSION_MIN && dimension <= DIMENSION_MAX,
        "--dim " + dimension + " is not from " + DIMENSION_MIN + " to " + DIMENSION_MAX);
    require(tau > 0 && tau <= 1, "--tau " + tau + " is not over 0 and at most 1");
    require(threads >= 1, "--threads " + threads + " is less than 1");
    require(seconds > 0, "--seconds " + seconds + " is not over 0");
    List<Row> rows = measure();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      for (Row row : rows) {
        out.println(JsonOutput.MAPPER.writeValueAsString(row));
      }
    } else {
      RowTable.print(rows, tau, out);
    }
    out.flush();
    new Summary(rows, tau).lines().forEach(this::say);
    return 0;
  }

  private List<Row> measure() throws Exception {
    VectorBenchmark.Settings settings =
        new VectorBenchmark.Settings(
            base, queries, dimension, tau, threads, seconds, buildSecondsMax, learnSecondsMax());
    return new VectorBenchmark(settings, this::say).run(named());
  }

  private double learnSecondsMax() {
    return Math.min(LEARN_SECONDS_MAX, LEARN_SHARE * seconds);
  }

  private List<Peer> named() {
    try {
      return Peer.named(peers.equals(List.of(NO_PEERS)) ? List.of() : peers);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--peers: " + e.getMessage(), e);
    }
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
