package dev.askonce.cli;

import dev.askonce.cli.batch.BatchWork;
import dev.askonce.cli.batch.ResultLines;
import dev.askonce.cli.batch.StatusReport;
import dev.askonce.optimizer.batch.BatchJob;
import dev.askonce.optimizer.batch.JobStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code askonce batch fetch}: writes the results that are there. */
@Command(
    name = "fetch",
    description = {
      "Writes the results that are there, one line a request, in the order of the requests.",
      "A line is as in the Batch API's output, with source: batch, cache or duplicate. Requests "
          + "that are open still have no line."
    },
    mixinStandardHelpOptions = true)
final class BatchFetchCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "The job's directory.")
  private Path directory;

  @Option(
      names = "--out",
      paramLabel = "F",
      required = true,
      description = "Where to write the results; a file there is replaced.")
  private Path out;

  @Option(names = "--wait", description = "Wait until nothing is open any more.")
  private boolean wait;

  @Mixin private BatchWait waiting;
  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (BatchWork work = BatchWork.open(directory, System.getenv(), waiting.pause())) {
      BatchJob job = work.job();
      JobStatus status = wait ? job.await(waiting::tell) : job.advance();
      int written = ResultLines.write(job, out);
      output.print(
          StatusReport.of(directory.toString(), status, job.bill(), written), StatusReport::print);
    }
    return 0;
  }
}
