package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.cli.batch.BatchWork;
import dev.askonce.cli.batch.JobSettings;
import dev.askonce.cli.batch.SubmitReport;
import dev.askonce.optimizer.batch.BatchJob;
import dev.askonce.optimizer.batch.JobStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code askonce batch submit}: makes a job of a file and brings it to the provider. */
@Command(
    name = "submit",
    description = {
      "Makes a job of a file of requests and sends it.",
      "The file holds a chat request a line, or {custom_id, body} as for the Batch API, or lines "
          + "of a request log; with a name that ends with .gz it is compressed.",
      "Run again after a crash, it goes on with the same job."
    },
    mixinStandardHelpOptions = true)
final class BatchSubmitCommand implements Callable<Integer> {
  @Option(names = "--in", paramLabel = "F", required = true, description = "The requests.")
  private Path in;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "Where to keep the job: a directory of its own.")
  private Path directory;

  @Option(
      names = "--base-url",
      paramLabel = "U",
      defaultValue = "https://api.openai.com/v1",
      description = "The API's address. Default: ${DEFAULT-VALUE}.")
  private String baseUrl;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "A cache's store: asked first, and given the answers.")
  private Path cache;

  @Option(
      names = "--similar",
      description =
          "Let the cache answer requests that are only similar, as its guards and verifier decide. "
              + "Without it, only requests that are the same.")
  private boolean similar;

  @Option(
      names = "--wave",
      paramLabel = "N",
      description =
          "Send at most N requests at a time, and ask the cache again before the next N. Each wave "
              + "may take a day.")
  private Integer wave;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      defaultValue = "default",
      description = "Whose requests these are, for the cache. Default: ${DEFAULT-VALUE}.")
  private String tenant;

  @Option(
      names = "--endpoint",
      paramLabel = "E",
      defaultValue = "batch",
      description = "The calling place in the cache and in the books. Default: ${DEFAULT-VALUE}.")
  private String endpoint;

  @Option(
      names = "--attempts",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often a request is sent that fails or expires. Default: ${DEFAULT-VALUE}.")
  private int attempts;

  @Option(
      names = "--dry-run",
      description = "Plan the job and say what it would cost; send nothing yet.")
  private boolean dryRun;

  @Mixin private BatchWait waiting;
  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    InputException.require(attempts >= 1, "--attempts " + attempts + " is below 1");
    InputException.require(wave == null || wave >= 1, "--wave " + wave + " is below 1");
    InputException.require(
        cache != null || (!similar && wave == null), "--similar and --wave need --cache");
    JobSettings settings =
        new JobSettings(
            baseUrl.replaceAll("/+$", ""),
            tenant,
            endpoint,
            cache == null ? "" : cache.toAbsolutePath().toString(),
            similar,
            attempts,
            wave == null ? Integer.MAX_VALUE : wave);
    try (BatchWork work =
        BatchWork.plan(in, directory, settings, System.getenv(), waiting.pause())) {
      BatchJob job = work.job();
      JobStatus status = dryRun ? job.status() : job.awaitSubmitted(waiting::tell);
      String state = dryRun ? "planned" : status.state().name().toLowerCase(Locale.ROOT);
      output.print(
          SubmitReport.of(directory.toString(), job.estimate(), status, state),
          SubmitReport::print);
    }
    return 0;
  }
}
