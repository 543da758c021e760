package dev.askonce.bench.vectors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * For each mode the fastest setting at which each engine finds enough, and how much faster ours is
 * than the fastest peer there; then what early stops save on misses.
 */
public final class Summary {
  private final List<Row> rows;
  private final float tau;

  public Summary(List<Row> rows, float tau) {
    this.rows = rows;
    this.tau = tau;
  }

  /** {@return the lines for a person} */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    String threshold = Recalls.key(tau);
    add(lines, Mode.ANY, "any entry at " + threshold + ", decision recall", 0.999);
    add(lines, Mode.BEST4, "best 4 over 0.80, share found", 0.995);
    add(lines, Mode.NEAREST, "nearest, recall at 1", 0.99);
    addMisses(lines, Mode.ANY);
    addMisses(lines, Mode.BEST4);
    return lines;
  }

  private void add(List<String> lines, Mode mode, String title, double target) {
    lines.add("%s at least %s".formatted(title, target));
    List<Row> reached = new ArrayList<>();
    rows.stream()
        .map(Row::engine)
        .distinct()
        .forEach(
            engine -> {
              Optional<Row> fastest =
                  ofEngine(engine, mode).stream()
                      .filter(row -> recall(mode, row) >= target)
                      .max(Comparator.comparingDouble(Row::qps));
              fastest.ifPresent(reached::add);
              lines.add(fastest.map(row -> line(mode, row)).orElseGet(() -> missed(engine, mode)));
            });
    lines.add(ratio(reached));
  }

  /** By the best cosine there is, a miss in full and as calibrated. */
  private void addMisses(List<String> lines, Mode mode) {
    Optional<Row> full = ours(mode, AskOnceEngine.FULL);
    Optional<Row> calibrated = ours(mode, AskOnceEngine.CALIBRATED);
    if (full.isEmpty() || calibrated.isEmpty()) {
      return;
    }
    lines.add("misses of %s, p50 in µs: in full, calibrated".formatted(mode.label));
    full.get()
        .missMicrosByBest()
        .forEach(
            (bucket, micros) -> {
              double early = calibrated.get().missMicrosByBest().get(bucket);
              lines.add(
                  "  %-8s %,8.1f %,8.1f = %.2f".formatted(bucket, micros, early, early / micros));
            });
  }

  private Optional<Row> ours(Mode mode, Setting setting) {
    return ofEngine(AskOnceEngine.NAME, mode).stream()
        .filter(row -> row.setting().equals(setting.label()))
        .findFirst();
  }

  private List<Row> ofEngine(String engine, Mode mode) {
    return rows.stream()
        .filter(row -> row.engine().equals(engine) && row.mode().equals(mode.label))
        .toList();
  }

  private double recall(Mode mode, Row row) {
    Double recall =
        switch (mode) {
          case ANY -> row.decisionRecall().get(Recalls.key(tau));
          case BEST4 -> row.top4Over80();
          case NEAREST -> row.recallAt1();
        };
    return recall == null ? Double.NaN : recall;
  }

  private String line(Mode mode, Row row) {
    return "  %-12s %-10s recall %.4f %,10.0f qps"
        .formatted(row.engine(), row.setting(), recall(mode, row), row.qps());
  }

  private String missed(String engine, Mode mode) {
    return ofEngine(engine, mode).stream()
        .max(Comparator.comparingDouble(row -> recall(mode, row)))
        .map(best -> line(mode, best) + "  not reached")
        .orElse("  " + engine + " was not measured");
  }

  private static String ratio(List<Row> reached) {
    Optional<Row> ours = reached.stream().filter(Summary::isOurs).findFirst();
    Optional<Row> fastest =
        reached.stream().filter(row -> !isOurs(row)).max(Comparator.comparingDouble(Row::qps));
    if (ours.isEmpty() || fastest.isEmpty()) {
      return "  no ratio: %s".formatted(ours.isEmpty() ? "ours did not reach it" : "no peer did");
    }
    return "  %s : %s = %.2f"
        .formatted(
            AskOnceEngine.NAME, fastest.get().engine(), ours.get().qps() / fastest.get().qps());
  }

  private static boolean isOurs(Row row) {
    return row.engine().equals(AskOnceEngine.NAME);
  }
}
