package dev.askonce.cli;

import dev.askonce.bench.data.Progress;
import dev.askonce.cli.eval.CacheEvaluation;
import dev.askonce.cli.eval.PairReport;
import dev.askonce.cli.eval.ReplayReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce eval cache}: what the cache would serve, and how much of it wrongly. */
@Command(
    name = "cache",
    description = {
      "Says what the cache would serve and what share of that would be wrong, by plain cosine and "
          + "by each preset of the decision stage.",
      "Files hold one JSON object a line; with a name that ends with .gz they are compressed."
    },
    mixinStandardHelpOptions = true)
final class EvalCacheCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Input input;

  @Option(
      names = "--threshold",
      paramLabel = "T",
      defaultValue = "0.95",
      description =
          "Least raw cosine of what is served without a verifier, from 0 to 1. Default: "
              + "${DEFAULT-VALUE}.")
  private float threshold;

  @Mixin private ReportOutput output;

  /** One of two kinds of data. */
  private static final class Input {
    @Option(
        names = "--pairs",
        paramLabel = "F",
        description =
            "Lines {a, b, label}: two texts, and 1 if one answer serves both, else 0. A field "
                + "test or cap groups the figures; others are ignored.")
    private Path pairs;

    @Option(
        names = "--replay",
        paramLabel = "F",
        description =
            "Lines {scope, text, answerId}: traffic in its order. Lines of one answerId want the "
                + "same answer.")
    private Path replay;
  }

  @Override
  public Integer call() throws IOException, TimeoutException {
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    try (CacheEvaluation evaluation = new CacheEvaluation(threshold, progress)) {
      if (input.pairs != null) {
        output.print(evaluation.pairs(input.pairs), EvalCacheCommand::print);
      } else {
        output.print(evaluation.replay(input.replay), EvalCacheCommand::print);
      }
    }
    return 0;
  }

  private static void print(PairReport report, PrintWriter out) {
    out.printf("%,d pairs, %,d of them positive%n", report.n(), report.positives());
    out.printf(
        "area under the ROC curve: cosine %.3f, decision %.3f%n",
        report.auc().cosine(), report.auc().decision());
    out.printf(
        "%n%-26s %8s %9s %9s%n", "served where of it is wrong", "at most", "cosine", "decision");
    for (int i = 0; i < report.cosine().size(); i++) {
      out.printf(
          "%-26s %7.0f%% %8.1f%% %8.1f%%%n",
          "",
          100 * report.cosine().get(i).wrongShareMax(),
          100 * report.cosine().get(i).served(),
          100 * report.decision().get(i).served());
    }
    report
        .presets()
        .forEach(
            (name, preset) ->
                out.printf(
                    "%n%s: %.1f%% served, %.1f%% of that wrong; refused by %s",
                    name, 100 * preset.served(), 100 * preset.wrongShare(), preset.refusedBy()));
    out.println();
    report
        .groups()
        .forEach(
            (name, group) ->
                out.printf(
                    "%n%s: %,d pairs; %.1f%% of the positive served (cosine %.1f%%), %.1f%% of the "
                        + "negative refused",
                    name,
                    group.n(),
                    100 * group.served(),
                    100 * group.cosineServed(),
                    100 * group.refused()));
    out.printf(
        "%n%na decision takes %.0f µs (99%%: %.0f), an embedding %.2f ms (99%%: %.2f)%n",
        report.decideMicros().p50(),
        report.decideMicros().p99(),
        report.embedMillis().p50(),
        report.embedMillis().p99());
  }

  private static void print(ReplayReport report, PrintWriter out) {
    out.printf("%,d requests%n", report.requests());
    report.presets().forEach((name, result) -> print(name, result, out));
    print("cosine", report.cosine(), out);
  }

  private static void print(String name, ReplayReport.Result result, PrintWriter out) {
    out.printf(
        "%-9s %,d hits (%.1f%%), %,d of them by similarity; %,d wrong (%.2f%% of the hits); "
            + "refused by %s%n",
        name,
        result.hits(),
        100 * result.hitRate(),
        result.semanticHits(),
        result.wrongHits(),
        100 * result.wrongHitRate(),
        result.refusedBy());
  }
}
