package dev.askonce.bench.vectors;

import java.io.PrintWriter;
import java.util.List;

/** Rows for a person. */
public final class RowTable {
  private static final String FORMAT = "%-12s %-8s %-10s %9s %9s %8s %10s %8s %8s %8s %8s %7s%n";

  private RowTable() {}

  /** Prints the rows; latencies are in microseconds. */
  public static void print(List<Row> rows, float tau, PrintWriter out) {
    String key = Recalls.key(tau);
    out.printf(
        FORMAT,
        "engine",
        "mode",
        "setting",
        "inserts/s",
        "recall@1",
        "at " + key,
        "qps",
        "hit p50",
        "p99",
        "miss p50",
        "p99",
        "B/entry");
    for (Row row : rows) {
      out.printf(
          FORMAT,
          row.engine(),
          row.mode(),
          row.setting(),
          "%,.0f".formatted(row.insertsPerSecond()),
          share(row.k() == 4 ? row.top4Over80() : row.recallAt1()),
          share(row.decisionRecall().get(key)),
          "%,.0f".formatted(row.qps()),
          p50(row.hitMicros()),
          p99(row.hitMicros()),
          p50(row.missMicros()),
          p99(row.missMicros()),
          "%,.0f".formatted(row.bytesPerEntry()));
    }
    out.println("Of best4 the first recall is the share of the entries over 0.80 that was found.");
  }

  private static String share(Double share) {
    return share == null ? "" : "%.4f".formatted(share);
  }

  private static String p50(Latencies.Percentiles micros) {
    return micros == null ? "" : "%,.1f".formatted(micros.p50());
  }

  private static String p99(Latencies.Percentiles micros) {
    return micros == null ? "" : "%,.1f".formatted(micros.p99());
  }
}
