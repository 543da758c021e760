package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.cli.batch.BatchEvalReport;
import dev.askonce.cli.batch.BatchEvaluation;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce eval batch}: what a job of documents costs, on the prices of November 2025. */
@Command(
    name = "batch",
    description = {
      "Sends a job of documents through the stand-in of the Batch API and prices it.",
      "The documents are names that count as so many tokens; nothing leaves this machine."
    },
    mixinStandardHelpOptions = true)
final class EvalBatchCommand implements Callable<Integer> {
  private static final int DOCUMENTS_MAX = 1_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many. Default: ${DEFAULT-VALUE}.")
  private int documents;

  @Option(
      names = "--input-tokens",
      paramLabel = "N",
      defaultValue = "7000",
      description = "Tokens of a document. Default: ${DEFAULT-VALUE}.")
  private long inputTokens;

  @Option(
      names = "--output-tokens",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Tokens of an answer. Default: ${DEFAULT-VALUE}.")
  private long outputTokens;

  @Option(
      names = "--duplicates",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Share of documents that are equal to another. Default: ${DEFAULT-VALUE}.")
  private double duplicates;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    InputException.require(
        documents >= 1 && documents <= DOCUMENTS_MAX,
        "--documents " + documents + " is not from 1 to " + DOCUMENTS_MAX);
    InputException.require(
        duplicates >= 0 && duplicates < 1, "--duplicates " + duplicates + " is not from 0 to 1");
    InputException.require(
        inputTokens >= 8 && outputTokens >= 1, "a document has 8 tokens at least, an answer 1");
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    BatchEvaluation evaluation =
        new BatchEvaluation(
            documents,
            inputTokens,
            outputTokens,
            status -> progress.tell(() -> "%,d answered".formatted(status.answered())));
    output.print(evaluation.run((int) Math.round(documents * duplicates)), BatchEvalReport::print);
    return 0;
  }
}
