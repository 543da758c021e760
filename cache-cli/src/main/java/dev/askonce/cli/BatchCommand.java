package dev.askonce.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce batch}: requests that nobody waits for, at half the price. */
@Command(
    name = "batch",
    description = {
      "Sends a file of requests through the Batch API: within a day, at half the price.",
      "Equal requests are sent once, those that the cache knows not at all, failed ones again.",
      "A job lives in a directory; every command may be stopped and run again.",
      "The key is taken from OPENAI_API_KEY; a server on this machine needs none."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      BatchSubmitCommand.class,
      BatchStatusCommand.class,
      BatchFetchCommand.class,
      BatchCancelCommand.class
    })
final class BatchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing a command: submit, status, fetch or cancel");
  }
}
