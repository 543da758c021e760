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

/** {@code askonce batch status}: looks, collects what is there, sends what failed again. */
@Command(
    name = "status",
    description = {
      "Says how far a job is and what it cost so far.",
      "Results that are there are collected, and what failed is sent again."
    },
    mixinStandardHelpOptions = true)
final class BatchStatusCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "The job's directory.")
  private Path directory;

  @Option(names = "--wait", description = "Wait until nothing is open any more.")
  private boolean wait;

  @Mixin private BatchWait waiting;
  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (BatchWork work = BatchWork.open(directory, System.getenv(), waiting.pause())) {
      BatchJob job = work.job();
      JobStatus status = wait ? job.await(waiting::tell) : job.advance();
      output.print(
          StatusReport.of(directory.toString(), status, job.bill(), null), StatusReport::print);
    }
    return 0;
  }
}
