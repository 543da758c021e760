package dev.askonce.cli;

import dev.askonce.optimizer.batch.BatchJob;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code askonce batch cancel}: asks the provider to stop. */
@Command(
    name = "cancel",
    description = {
      "Asks the provider to stop a job. What is answered by then is kept, and paid for.",
      "It may take the provider ten minutes; status says when it is done."
    },
    mixinStandardHelpOptions = true)
final class BatchCancelCommand extends BatchJobCommand {
  @Override
  Done run(BatchJob job) throws IOException {
    return new Done(job.cancel());
  }
}
