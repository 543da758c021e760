package dev.askonce.cli;

import dev.askonce.optimizer.batch.BatchJob;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code askonce batch status}: looks, collects what is there, sends what failed again. */
@Command(
    name = "status",
    description = {
      "Says how far a job is and what it cost so far.",
      "Results that are there are collected, and what failed is sent again."
    },
    mixinStandardHelpOptions = true)
final class BatchStatusCommand extends BatchJobCommand {
  @Option(names = "--wait", description = "Wait until nothing is open any more.")
  private boolean wait;

  @Override
  Done run(BatchJob job) throws IOException, InterruptedException {
    return new Done(look(job, wait));
  }
}
