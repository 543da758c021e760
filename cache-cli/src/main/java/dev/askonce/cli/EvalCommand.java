package dev.askonce.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce eval}: what the levers would do, on data of a file. */
@Command(
    name = "eval",
    description = "Evaluates decisions on your own data, without a model call.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      EvalBatchCommand.class,
      EvalCacheCommand.class,
      EvalCompressCommand.class,
      EvalOutputCommand.class,
      EvalPricesCommand.class,
      EvalRouterCommand.class
    })
final class EvalCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
