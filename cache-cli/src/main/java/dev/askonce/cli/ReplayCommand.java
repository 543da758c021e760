package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.cli.replay.LogReplay;
import dev.askonce.cli.replay.ReplayText;
import dev.askonce.cli.replay.SyntheticReplay;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.cost.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.zip.ZipException;
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

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Input input;

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
      names = "--requests",
      paramLabel = "N",
      defaultValue = "50000",
      description = "For --synthetic article: how many calls, from 2. Default: ${DEFAULT-VALUE}.")
  private int requests;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed makes up the same calls. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ReportOutput output;

  /** Where calls come from. */
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
  }

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress(spec.commandLine().getErr()::println);
    require(requests >= 2 && requests <= REQUESTS_MAX, "--requests is not from 2 to 10000000");
    require(
        (input.synthetic == Synthetic.AZURE) == (trace != null),
        trace == null ? "--synthetic azure needs --trace" : "--trace is for --synthetic azure");
    if (input.log != null) {
      output.print(
          LogReplay.run(input.log, prices(Prices.published()), progress), ReplayText::print);
      return 0;
    }
    SyntheticReplay synthetic = new SyntheticReplay(prices(Prices.november2025()), seed, progress);
    output.print(
        trace == null ? synthetic.article(requests) : synthetic.trace(trace), ReplayText::print);
    return 0;
  }

  private Prices prices(Prices otherwise) throws IOException {
    if (pricesFile == null) {
      return otherwise;
    }
    InputException.require(Files.isRegularFile(pricesFile), "there is no file " + pricesFile);
    try {
      return Prices.read(pricesFile);
    } catch (ChatException.InvalidPrices | ZipException e) {
      throw new InputException(pricesFile + ": no table of prices: " + e.getMessage());
    }
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), problem);
    }
  }
}
