package dev.askonce.cli;

import dev.askonce.cli.batch.ResultLines;
import dev.askonce.optimizer.batch.BatchJob;
import dev.askonce.optimizer.batch.JobStatus;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
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
final class BatchFetchCommand extends BatchJobCommand {
  @Option(
      names = "--out",
      paramLabel = "F",
      required = true,
      description = "Where to write the results; a file there is replaced.")
  private Path out;

  @Option(names = "--wait", description = "Wait until nothing is open any more.")
  private boolean wait;

  @Override
  Done run(BatchJob job) throws IOException, InterruptedException {
    JobStatus status = look(job, wait);
    return new Done(status, ResultLines.write(job, out));
  }
}
