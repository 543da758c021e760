package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.cli.replay.AuditText;
import dev.askonce.cli.replay.Claim;
import dev.askonce.cli.replay.LogAudit;
import dev.askonce.cli.replay.LogReplay;
import dev.askonce.cli.replay.ReplayText;
import dev.askonce.cli.replay.SampleLog;
import dev.askonce.cli.replay.StageSettings;
import dev.askonce.cli.replay.SyntheticReplay;
import dev.askonce.optimizer.audit.Audit;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.task.TaskClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce replay}: what the levers would have saved on calls that were made already. */
@Command(
    name = "replay",
    description = {
      "Sends the calls of a request log through the levers, without calling anyone, and says what "
          + "each lever would have saved, alone and together.",
      "A log has one call a line; observe mode writes it, and docs/guides/replay.md describes it."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private static final int REQUESTS_MAX = 10_000_000;
  private static final int SAMPLE_REQUESTS = 2_000;

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Input input;

  @Option(
      names = "--audit",
      description =
          "Read the log for what an audit looks for, instead of replaying it: long, repeated and "
              + "unchanged instructions, expensive models on simple work, missing limits and "
              + "formats, layouts that a provider cannot cache.")
  private boolean audit;

  @Option(
      names = "--hide-texts",
      description = "With --audit: leave out even the first characters of prompts.")
  private boolean hideTexts;

  @Option(
      names = "--trace",
      paramLabel = "F",
      description =
          "For --synthetic azure: lines TIMESTAMP,ContextTokens,GeneratedTokens, gzipped if .gz.")
  private Path trace;

  @Option(
      names = "--prices",
      paramLabel = "F",
      description =
          "Prices of models. Default: what providers published; for made up calls, the article's of"
              + " November 2025.")
  private Path pricesFile;

  @Option(
      names = "--standard",
      paramLabel = "MODEL",
      defaultValue = "gpt-4o",
      description = "The model whose calls may be routed. Default: ${DEFAULT-VALUE}.")
  private String standard;

  @Option(
      names = "--budget",
      paramLabel = "MODEL",
      defaultValue = "gpt-4o-mini",
      description = "The model that simple calls are routed to. Default: ${DEFAULT-VALUE}.")
  private String budget;

  @Option(
      names = "--requests",
      paramLabel = "N",
      description =
          "How many calls are made up, from 2. Default: 50000 for --synthetic article, 2000 for "
              + "--make-log.")
  private Integer requests;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed makes up the same calls. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ReportOutput output;

  /** Where made up calls come from. */
  enum Synthetic {
    ARTICLE,
    AZURE
  }

  /** One of several kinds of calls. */
  private static final class Input {
    @Option(names = "--log", paramLabel = "F", description = "A request log, gzipped if .gz.")
    private Path log;

    @Option(
        names = "--synthetic",
        paramLabel = "KIND",
        description =
            "Made up calls: article (50,000 a day, 2,000 tokens in, 500 out, all GPT-4o), or azure "
                + "(the arrivals and lengths of --trace); asked is what the demo asks.")
    private Synthetic synthetic;

    @Option(
        names = "--make-log",
        paramLabel = "F",
        description = "Write a week of made up calls to try the other options with.")
    private Path made;
  }

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    check();
    if (input.made != null) {
      new SampleLog(requests(SAMPLE_REQUESTS), seed).write(input.made);
      spec.commandLine().getErr().println("askonce: a week of calls is in " + input.made);
    } else if (input.synthetic != null) {
      StageSettings settings = new StageSettings(prices(Prices.november2025()), standard, budget);
      SyntheticReplay replay = new SyntheticReplay(settings, seed, progress);
      output.print(
          input.synthetic == Synthetic.ARTICLE
              ? replay.article(requests(Claim.CALLS_A_DAY))
              : replay.trace(trace),
          ReplayText::print);
    } else if (audit) {
      TaskClassifier tasks = new TaskClassifier();
      Audit reader =
          new Audit(prices(Prices.published()), budget, request -> tasks.classify(request).task());
      output.print(LogAudit.run(input.log, reader, hideTexts, progress), AuditText::print);
    } else {
      StageSettings settings = new StageSettings(prices(Prices.published()), standard, budget);
      output.print(LogReplay.run(input.log, settings, progress), ReplayText::print);
    }
    return 0;
  }

  private void check() {
    boolean azure = input.synthetic == Synthetic.AZURE;
    require(!azure || trace != null, "--synthetic azure needs --trace");
    require(azure || trace == null, "--trace is for --synthetic azure");
    require(!audit || input.log != null, "--audit needs --log");
    require(!hideTexts || audit, "--hide-texts is for --audit");
    require(
        requests == null || (input.log == null && !azure),
        "--requests is for --synthetic article and --make-log");
  }

  private int requests(int otherwise) {
    int wanted = requests == null ? otherwise : requests;
    require(
        wanted >= 2 && wanted <= REQUESTS_MAX,
        "--requests " + wanted + " is not from 2 to " + REQUESTS_MAX);
    return wanted;
  }

  private Prices prices(Prices otherwise) throws IOException {
    if (pricesFile == null) {
      return otherwise;
    }
    InputException.require(Files.isRegularFile(pricesFile), "there is no file " + pricesFile);
    try {
      return Prices.read(pricesFile);
    } catch (ChatException.InvalidPrices e) {
      throw new InputException(pricesFile + ": no table of prices: " + e.getMessage());
    }
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), problem);
    }
  }
}
