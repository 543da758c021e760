package dev.askonce.cli;

import dev.askonce.cli.batch.BatchWork;
import dev.askonce.cli.batch.StatusReport;
import dev.askonce.optimizer.batch.BatchJob;
import dev.askonce.optimizer.batch.JobStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command on a job that there is: opens it, does one thing, and says how far the job is. */
abstract class BatchJobCommand implements Callable<Integer> {
  /** How a job stands after the command. */
  record Done(JobStatus status, Integer written) {
    Done(JobStatus status) {
      this(status, null);
    }
  }

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "The job's directory.")
  private Path directory;

  @Mixin private BatchWait waiting;
  @Mixin private ReportOutput output;

  /** Does what the command is for. */
  abstract Done run(BatchJob job) throws IOException, InterruptedException;

  /** {@return how the job stands after a look, or when nothing is open any more} */
  final JobStatus look(BatchJob job, boolean wait) throws IOException, InterruptedException {
    return wait ? job.await(waiting::tell) : job.advance();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (BatchWork work = BatchWork.open(directory, System.getenv(), waiting.pause())) {
      Done done = run(work.job());
      output.print(
          StatusReport.of(directory.toString(), done.status(), work.job().bill(), done.written()),
          StatusReport::print);
    }
    return 0;
  }
}
