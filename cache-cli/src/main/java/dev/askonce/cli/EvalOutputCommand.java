package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.cli.eval.OutputEvaluation;
import dev.askonce.cli.eval.OutputReport;
import dev.askonce.cli.eval.TaskEvaluation;
import dev.askonce.cli.eval.TaskReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code askonce eval output}: how long answers are, and what limits and instructions change. */
@Command(
    name = "output",
    description = {
      "Says how long one model's answers are by task, free and told to be concise, what limits cut "
          + "off, and what the cap lever saves; or how the classifier sees labelled prompts.",
      "Files with a name that ends with .gz are compressed."
    },
    mixinStandardHelpOptions = true)
final class EvalOutputCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1")
  private Input input;

  @Option(
      names = "--model",
      paramLabel = "M",
      defaultValue = "gpt-4-1106-preview",
      description = "The model whose tokenizer counts. Default: ${DEFAULT-VALUE}.")
  private String model;

  @Option(
      names = "--calls",
      paramLabel = "N",
      defaultValue = "5000",
      description = "The least calls that the lever is run over. Default: ${DEFAULT-VALUE}.")
  private int calls;

  @Mixin private ReportOutput output;

  /** One of two kinds of data. */
  private static final class Input {
    @ArgGroup(exclusive = false)
    private Answers answers;

    @Option(
        names = "--labelled",
        paramLabel = "F",
        description =
            "Lines {task, system, user}: prompts, and what they ask for. Without a task a prompt "
                + "is unlabelled; text may stand for user.")
    private Path labelled;
  }

  /** Answers of one model. */
  private static final class Answers {
    @Option(
        names = "--free",
        paramLabel = "F",
        required = true,
        description = "A JSON array of {instruction, output}: answers of the model's own accord.")
    private Path free;

    @Option(
        names = "--concise",
        paramLabel = "F",
        required = true,
        description = "The same instructions, answered by the model when told to be concise.")
    private Path concise;

    @Option(
        names = "--labels",
        paramLabel = "F",
        description = "Lines of an answer's number from 0, a tab, and what it is asked for.")
    private Path labels;
  }

  @Override
  public Integer call() throws IOException {
    InputException.require(calls >= 1, "--calls " + calls + " is below 1");
    if (input.answers == null) {
      output.print(TaskEvaluation.ofLines(input.labelled), EvalOutputCommand::print);
    } else {
      Answers answers = input.answers;
      output.print(
          new OutputEvaluation(model, calls)
              .evaluate(answers.free, answers.concise, answers.labels),
          EvalOutputCommand::print);
    }
    return 0;
  }

  private static void print(OutputReport report, PrintWriter out) {
    out.printf("%,d answers, tokens of %s%n%n", report.answers(), report.model());
    out.printf(
        "%-15s %5s %11s %11s %6s %8s %8s   truncated at 200, 300, 500, 1000%n",
        "task", "n", "free p99", "concise p99", "saved", "kept", "by cut");
    report.tasks().forEach((task, lengths) -> print(task, lengths, out));
    print("limited", report.limited(), out);
    print("all", report.all(), out);
    out.printf("%nthe lever on the limited tasks%n");
    report.lever().forEach((name, result) -> print(name, result, out));
    if (report.classified() != null) {
      out.println();
      print(report.classified(), out);
    }
  }

  private static void print(String task, OutputReport.Lengths lengths, PrintWriter out) {
    out.printf(
        "%-15s %5d %5.0f %5d %5.0f %5d %5.0f%% %7.0f%% %7.0f%%  ",
        task,
        lengths.n(),
        lengths.free().mean(),
        lengths.free().p99(),
        lengths.concise().mean(),
        lengths.concise().p99(),
        100 * lengths.savedShare(),
        100 * lengths.termsKept(),
        100 * lengths.termsKeptByCut());
    for (int limit : new int[] {200, 300, 500, 1_000}) {
      OutputReport.Truncated cut = lengths.truncated().get(limit);
      out.printf(" %3.0f%%/%.0f%%", 100 * cut.free(), 100 * cut.concise());
    }
    out.println();
  }

  private static void print(String name, OutputReport.LeverResult result, PrintWriter out) {
    out.printf(
        "%-19s %5.1f%% %s output tokens (it says %.1f%%), %.1f%% cut off at first, "
            + "%.2f%% for the caller%n",
        name,
        100 * Math.abs(result.savedShare()),
        result.savedShare() < 0 ? "more" : "fewer",
        100 * result.claimedShare(),
        100 * result.truncatedShare(),
        100 * result.passedOnShare());
  }

  private static void print(TaskReport report, PrintWriter out) {
    out.printf(
        "%,d prompts, %.1f%% seen as labelled; %.1f%% of those to limit are, and %.1f%% of the "
            + "others; %.1f µs (99%%: %.1f)%n",
        report.n(),
        100 * report.rightShare(),
        100 * report.limitedShare(),
        100 * report.wronglyLimitedShare(),
        report.micros().p50(),
        report.micros().p99());
    for (Map.Entry<String, Map<String, Integer>> row : report.table().entrySet()) {
      out.printf("  %-15s %s%n", row.getKey(), row.getValue());
    }
  }
}
