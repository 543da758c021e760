package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.optimizer.batch.JobStatus;
import dev.askonce.optimizer.batch.Pause;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How {@code askonce batch} waits, what it tells meanwhile, and when it gives up. */
final class BatchWait {
  /** As many refusals in a row are no accident. */
  private static final int TROUBLES_MAX = 3;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--poll-max",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "The longest time between two looks. Default: ${DEFAULT-VALUE}.")
  private double pollMaxSeconds;

  private int troubles;

  /** {@return the way to wait} */
  Pause pause() {
    if (!(pollMaxSeconds > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--poll-max " + pollMaxSeconds + " is not above 0");
    }
    Duration longest = Duration.ofMillis(Math.max(1, Math.round(1000 * pollMaxSeconds)));
    return time -> Pause.ASLEEP.sleep(time.compareTo(longest) > 0 ? longest : time);
  }

  /**
   * Tells how far the job is.
   *
   * @throws InputException if the provider refuses again and again
   */
  void tell(JobStatus status) {
    troubles = status.trouble().isPresent() ? troubles + 1 : 0;
    if (troubles >= TROUBLES_MAX) {
      throw new InputException(
          "the provider does not do it: "
              + status.trouble().get()
              + "; the job is kept, run the same command again");
    }
    if (!status.isOver()) {
      spec.commandLine()
          .getErr()
          .printf(
              "%,d of %,d requests answered, %,d failed%s%n",
              status.answered(),
              status.requests(),
              status.failed(),
              status.trouble().map(trouble -> "; " + trouble.replace('\n', ' ')).orElse(""));
    }
  }
}
