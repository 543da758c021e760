package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.engine.CacheException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
    subcommands = {
      DemoCommand.class,
      EvalCommand.class,
      ReplayCommand.class,
      BatchCommand.class,
      FsckCommand.class,
      RedisCommand.class,
      BenchCommand.class
    })
public final class Main implements Runnable {
  /** Exit status after a wrong option or an input that cannot be used. */
  static final int USAGE = CommandLine.ExitCode.USAGE;

  private static final String DEBUG = "ASKONCE_DEBUG";

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
    throw new ParameterException(
        spec.commandLine(), "Missing a command: " + String.join(", ", spec.subcommands().keySet()));
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

  /** One line for a person; the stack trace for whoever sets {@value #DEBUG}. */
  private static int fail(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    if (e instanceof InputException) {
      return refuse(new ParameterException(command, e.getMessage(), e), new String[0]);
    }
    boolean input = e instanceof CacheException || e instanceof IOException;
    command.getErr().println("askonce: " + told(e).replace('\n', ' '));
    if (System.getenv(DEBUG) != null) {
      e.printStackTrace(command.getErr());
    }
    return input ? USAGE : CommandLine.ExitCode.SOFTWARE;
  }

  private static String told(Exception e) {
    return switch (e) {
      case CacheException own -> own.getMessage();
      case NoSuchFileException none -> "there is no file or directory " + none.getFile();
      case AccessDeniedException denied -> "no right to use " + denied.getFile();
      case FileSystemException other -> other.getFile() + ": " + reason(other);
      default -> e.toString();
    };
  }

  private static String reason(FileSystemException e) {
    return e.getReason() != null ? e.getReason() : e.getClass().getSimpleName();
  }
}
