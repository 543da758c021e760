package dev.askonce.cli;

import dev.askonce.bench.corrupt.Corrupt;
import dev.askonce.bench.corrupt.CorruptReport;
import dev.askonce.bench.data.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce bench corrupt}: damaged stores. */
@Command(
    name = "corrupt",
    description = {
      "Damages stores and asks them for all they hold: an answer must be the stored one or a miss.",
      "First each bit of a small store, answers included, is flipped by itself; then files of a "
          + "store with Chronicle Maps are cut, changed and removed, and their pages zeroed, "
          + "swapped and replaced by older ones; then random bits of such stores are flipped, "
          + "closed and open. Damage of a checksummed byte must be reported by fsck. "
          + "In child JVMs: one that dies or hangs is counted.",
      "With the defaults about a quarter of an hour on two cores."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing wrong was found",
      "1:something was: see the findings",
      "2:the command line is wrong"
    })
final class BenchCorruptCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--cycles",
      paramLabel = "N",
      defaultValue = "400",
      description =
          "Stores hit by 256 random bits each; 3,907 are a million bits. Default:"
              + " ${DEFAULT-VALUE}.")
  private long cycles;

  @Option(
      names = "--every",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Of the small store's bits and of the other damages take each K-th. Default: "
              + "${DEFAULT-VALUE}, all.")
  private int every;

  @Option(
      names = "--parallel",
      paramLabel = "P",
      defaultValue = "2",
      description = "Child JVMs at a time. Default: ${DEFAULT-VALUE}.")
  private int parallel;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed does the same damage. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    require(cycles >= 0, "--cycles " + cycles + " is negative");
    require(every >= 1, "--every " + every + " is not positive");
    require(parallel >= 1 && parallel <= 64, "--parallel " + parallel + " not in 1..64");
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    CorruptReport report = new Corrupt(seed, every, cycles, parallel).run(progress);
    output.print(report, BenchCorruptCommand::print);
    return report.sound() ? 0 : 1;
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private static void print(CorruptReport report, PrintWriter out) {
    out.printf(
        "%,d stores in %.0f s: %,d of %,d bits one by one, %,d other damages, %,d random bits%n",
        report.cycles(),
        report.seconds(),
        report.bits(),
        report.bitsOfStore(),
        report.shapes(),
        report.flips());
    out.printf(
        "wrong answers %,d, hung %,d, JVMs that died %,d, refused %,d, thrown %,d, grown %,d%n",
        report.wrong(),
        report.hung(),
        report.crashed(),
        report.refused(),
        report.thrown(),
        report.grown());
    out.printf(
        "not reported by fsck %,d, more lost than the damage excuses %,d%n",
        report.unreported(), report.excess());
    out.printf(
        "entries kept %,d, lost %,d; stores moved aside %,d%n",
        report.kept(), report.lost(), report.movedAside());
    report.findings().forEach(out::println);
  }
}
