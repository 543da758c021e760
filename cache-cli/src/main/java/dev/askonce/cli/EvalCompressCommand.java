package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.cli.eval.CompressEvaluation;
import dev.askonce.cli.eval.CompressReport;
import dev.askonce.text.MiniLmEmbedder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce eval compress}: how short a context may become before its answer is lost. */
@Command(
    name = "compress",
    description = {
      "Says how much shorter contexts can be made with what share of the gold answers still in "
          + "them, against cutting off, random sentences and BM25.",
      "A kept answer is an upper bound for quality: whether a model finds it, only a model can "
          + "say. A name that ends with .gz means compressed."
    },
    mixinStandardHelpOptions = true)
final class EvalCompressCommand implements Callable<Integer> {
  private static final int PASSAGES_MAX = 1_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "F",
      required = true,
      description =
          "Lines {question, answers, ctxs: [{title, text}]} as of Natural Questions, or {question, "
              + "answers, context}.")
  private Path data;

  @Option(
      names = "--passages",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Passages of a context: a line with one gets N-1 of other lines beside it, its own at a "
              + "random place. Default: ${DEFAULT-VALUE}.")
  private int passages;

  @Option(
      names = "--near",
      description = "Add the passages that share the most words with the question, instead of any.")
  private boolean near;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of what is random. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException {
    InputException.require(
        passages >= 1 && passages <= PASSAGES_MAX,
        "--passages " + passages + " is not from 1 to " + PASSAGES_MAX);
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    try (MiniLmEmbedder embedder = MiniLmEmbedder.open()) {
      output.print(
          new CompressEvaluation(embedder, progress).run(data, passages, near, seed),
          EvalCompressCommand::print);
    }
    return 0;
  }

  private static void print(CompressReport report, PrintWriter out) {
    out.printf(
        "%,d contexts that hold an answer, %,d tokens%n%n", report.n(), report.tokensBefore());
    out.printf("%-32s %8s %8s %8s%n", "times shorter, answers kept in", "90%", "95%", "99%");
    print("by evidence", report.ratioAtKept(), out);
    print("by evidence, one size for all", report.ratioAtKeptBySize(), out);
    report.baselines().forEach((name, baseline) -> print(name, baseline.ratioAtKept(), out));
    out.printf("%n%.1f ms for 1,000 tokens, embedding included%n", report.millisPer1kTokens());
  }

  private static void print(String name, Map<String, Double> ratios, PrintWriter out) {
    out.printf("%-32s", name);
    ratios.values().forEach(ratio -> out.printf(" %8.2f", ratio));
    out.println();
  }
}
