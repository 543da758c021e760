package dev.askonce.cli;

import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.isolation.Isolation;
import dev.askonce.bench.isolation.IsolationReport;
import dev.askonce.bench.isolation.IsolationSettings;
import dev.askonce.engine.SemanticCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code askonce bench isolation}: scopes that ask the same and must not get others' answers. */
@Command(
    name = "isolation",
    description =
        "Looks up identical texts and vectors in many scopes that differ in one part alone, about "
            + "half of which have an answer, while answers are replaced and removed. Each must get "
            + "its own answer or none.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no scope got another's answer, and none missed its own",
      "1:something was wrong",
      "2:the command line is wrong"
    })
final class BenchIsolationCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--cycles",
      paramLabel = "N",
      defaultValue = "10000000",
      description = "Lookups. Default: ${DEFAULT-VALUE}.")
  private long cycles;

  @Option(
      names = "--scopes",
      paramLabel = "C",
      defaultValue = "256",
      description = "Scopes that ask the same. Default: ${DEFAULT-VALUE}.")
  private int scopes;

  @Option(
      names = "--questions",
      paramLabel = "Q",
      defaultValue = "200",
      description = "Questions that each may ask. Default: ${DEFAULT-VALUE}.")
  private int questions;

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "2",
      description = "Threads that ask. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed asks the same. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException {
    IsolationSettings settings = new IsolationSettings(cycles, scopes, questions, threads, seed);
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    try (Folders.Work work = Folders.work(Optional.empty(), "askonce-isolation");
        SemanticCache cache =
            SemanticCache.at(work.path().resolve("store"))
                .embedder(Isolation.embedder())
                .entriesMax(Math.max(64, 2 * scopes * questions))
                .answerBytesMax(1024)
                .textCharsMax(200)
                .open()) {
      IsolationReport report = new Isolation(settings, cache, progress).run();
      output.print(report, BenchIsolationCommand::print);
      return report.isGood() ? 0 : 1;
    }
  }

  private static void print(IsolationReport report, PrintWriter out) {
    out.printf(
        "%,d lookups of %,d questions in %,d scopes in %,.0f s, seed %d%n",
        report.cycles(), report.questions(), report.scopes(), report.seconds(), report.seed());
    out.printf(
        "%,d hits, %,d leaks, %,d wrong, %,d missed; meanwhile %,d puts, %,d removals%n",
        report.hits(),
        report.leaks(),
        report.wrong(),
        report.missed(),
        report.puts(),
        report.invalidations());
    report.findings().forEach(out::println);
  }
}
