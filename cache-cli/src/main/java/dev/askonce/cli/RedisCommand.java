package dev.askonce.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce redis}: what an installation has on its servers. */
@Command(
    name = "redis",
    description = {
      "Looks at what caches that share through Redis have there, mends it, deletes it.",
      "Running caches go on. Nothing but the keys of the prefix is read or changed."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {RedisStatusCommand.class, RedisRebuildCommand.class, RedisPurgeCommand.class})
final class RedisCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command: status, rebuild or purge");
  }
}
