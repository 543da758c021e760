package dev.askonce.cli;

import dev.askonce.engine.CacheException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code askonce}. */
@Command(
    name = "askonce",
    description = "A semantic cache for LLM calls, in process, on disk.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = "askonce 0.1.0-SNAPSHOT",
    subcommands = {DemoCommand.class, FsckCommand.class, BenchCommand.class})
public final class Main implements Runnable {
  /** Exit status after a wrong option or an input that cannot be used. */
  static final int USAGE = CommandLine.ExitCode.USAGE;

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** {@return the command, ready to be executed once} */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::refuse)
        .setExecutionExceptionHandler(Main::fail);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command: demo, fsck or bench");
  }

  private static int refuse(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    command
        .getErr()
        .println(
            e.getMessage().replace('\n', ' ')
                + " (see "
                + command.getCommandSpec().qualifiedName()
                + " --help)");
    return USAGE;
  }

  private static int fail(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof CacheException || e instanceof UncheckedIOException) {
      PrintWriter err = command.getErr();
      err.println(e.getMessage().replace('\n', ' '));
      return USAGE;
    }
    throw e;
  }
}
