package dev.askonce.cli;

import dev.askonce.cli.batch.BatchWork;
import dev.askonce.cli.batch.StatusReport;
import dev.askonce.optimizer.batch.BatchJob;
import dev.askonce.optimizer.batch.JobStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code askonce batch cancel}: asks the provider to stop. */
@Command(
    name = "cancel",
    description = {
      "Asks the provider to stop a job. What is answered by then is kept, and paid for.",
      "It may take the provider ten minutes; status says when it is done."
    },
    mixinStandardHelpOptions = true)
final class BatchCancelCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "The job's directory.")
  private Path directory;

  @Mixin private BatchWait waiting;
  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException {
    try (BatchWork work = BatchWork.open(directory, System.getenv(), waiting.pause())) {
      BatchJob job = work.job();
      JobStatus status = job.cancel();
      output.print(
          StatusReport.of(directory.toString(), status, job.bill(), null), StatusReport::print);
    }
    return 0;
  }
}
