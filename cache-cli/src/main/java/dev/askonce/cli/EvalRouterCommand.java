package dev.askonce.cli;

import dev.askonce.bench.data.Progress;
import dev.askonce.cli.eval.RouterEvaluation;
import dev.askonce.cli.eval.RouterReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce eval router}: how many requests the budget model may take, at which loss. */
@Command(
    name = "router",
    description = {
      "Says what share of labelled prompts the router can send to the weaker of two models at a"
          + " loss of quality of 1, 3 and 5%%, beside rules that need no router.",
      "The shipped model of the file's form judges, unless --train or --cross say otherwise.",
      "Forms, found out by themselves, compressed with gzip or not: JSON lines {task, prompt, 4o:"
          + " {ok}, mini: {ok}}; JSON lines {domain, prompt, weak_ok, strong_ok}; a JSON array of"
          + " {question, scores: {model: 0 to 1}}."
    },
    mixinStandardHelpOptions = true)
final class EvalRouterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--data", paramLabel = "F", required = true, description = "What to judge.")
  private Path data;

  @Option(names = "--train", paramLabel = "G", description = "Train a model on these first.")
  private Path train;

  @Option(names = "--write", paramLabel = "M", description = "Write that model to a file.")
  private Path write;

  @Option(
      names = "--cross",
      description = "Judge each fifth of F by a model trained on the other four.")
  private boolean cross;

  @Option(
      names = "--weak",
      paramLabel = "NAME",
      defaultValue = "llama-3.1-8b-instruct",
      description = "The weak model of an array. Default: ${DEFAULT-VALUE}.")
  private String weak;

  @Option(
      names = "--strong",
      paramLabel = "NAME",
      defaultValue = "llama-3.1-nemotron-51b-instruct",
      description = "The strong model of an array. Default: ${DEFAULT-VALUE}.")
  private String strong;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException, TimeoutException {
    if (cross && train != null) {
      throw new ParameterException(spec.commandLine(), "--cross trains on F, so leave out --train");
    }
    if (write != null && train == null) {
      throw new ParameterException(spec.commandLine(), "--write needs a model of --train");
    }
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    RouterEvaluation.Settings settings =
        new RouterEvaluation.Settings(
            data, Optional.ofNullable(train), Optional.ofNullable(write), cross, weak, strong);
    try (RouterEvaluation evaluation = new RouterEvaluation(settings, progress)) {
      output.print(evaluation.run(), EvalRouterCommand::print);
    }
    return 0;
  }

  private static void print(RouterReport report, PrintWriter out) {
    out.printf(
        "%,d prompts; %s %.1f%%, %s %.1f%%; router %s on %,d%n",
        report.n(),
        report.weakModel(),
        100 * report.weakAccuracy(),
        report.strongModel(),
        100 * report.strongAccuracy(),
        report.router(),
        report.trainedOn());
    out.printf("%n%-28s", "to the weak model at a loss of");
    report.shareCheapAtLoss().keySet().forEach(loss -> out.printf(" %7s", loss));
    out.printf("    APGR%n");
    print("router", new RouterReport.Baseline(report.shareCheapAtLoss(), report.apgr()), out);
    report.baselines().forEach((name, baseline) -> print(name, baseline, out));
    out.printf("%n95%% intervals of the router:");
    report
        .intervals()
        .shareCheapAtLoss()
        .forEach(
            (loss, ends) ->
                out.printf(" at %s %.1f to %.1f%%;", loss, 100 * ends[0], 100 * ends[1]));
    out.printf(
        "%n%.1f%% of the knowledge base's paraphrases get their question's route, %.1f%% without"
            + " the memory%n",
        100 * report.routeStability(), 100 * report.routeStabilityWithoutMemory());
  }

  private static void print(String name, RouterReport.Baseline baseline, PrintWriter out) {
    out.printf("%-30s", "  " + name);
    baseline.shareCheapAtLoss().values().forEach(share -> out.printf(" %6.1f%%", 100 * share));
    out.printf(baseline.apgr() == null ? "        -%n" : "  %6.3f%n", baseline.apgr());
  }
}
