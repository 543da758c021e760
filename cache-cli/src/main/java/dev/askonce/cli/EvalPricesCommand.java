package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.cli.eval.PriceEvaluation;
import dev.askonce.cli.eval.PriceReport;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.cost.PriceCatalog;
import dev.askonce.optimizer.cost.Prices;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code askonce eval prices}: whether recorded usages get the price they were recorded with. */
@Command(
    name = "prices",
    description = {
      "Prices recorded usages anew and compares with the prices recorded beside them, by provider "
          + "and flavour of its API, to the last digit.",
      "Files with a name that ends with .gz are compressed."
    },
    mixinStandardHelpOptions = true)
final class EvalPricesCommand implements Callable<Integer> {
  @Option(
      names = "--usages",
      paramLabel = "F",
      required = true,
      description =
          "Lines {body, model, extracted}: a provider's response, or its usage part, and what is "
              + "expected of it, as genai-prices records it.")
  private Path usages;

  @Option(
      names = "--prices",
      paramLabel = "F",
      required = true,
      description = "A document of providers, as genai-prices publishes it.")
  private Path prices;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      defaultValue = "2025-11-06T12:00:00Z",
      description =
          "The time whose prices count, in UTC. Default: ${DEFAULT-VALUE}, for which genai-prices "
              + "records what it expects.")
  private Instant at;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException {
    output.print(new PriceEvaluation(catalog(), at).run(usages), EvalPricesCommand::print);
    return 0;
  }

  private PriceCatalog catalog() throws IOException {
    InputException.require(Files.isRegularFile(prices), "there is no file " + prices);
    try {
      return Prices.read(prices)
          .catalog()
          .orElseThrow(() -> new InputException(prices + " is no document of providers"));
    } catch (ChatException.InvalidPrices e) {
      throw new InputException(prices + ": " + e.getMessage());
    }
  }

  private static void print(PriceReport report, PrintWriter out) {
    out.printf(
        "%,d rows, %,d of them exact; prices at %s%n",
        report.rows(), report.rowsExact(), report.at());
    out.printf(
        "%n%-28s %7s %7s %11s %8s %7s%n", "", "n", "exact", "mismatched", "skipped", "priced");
    print("all", report.total(), out);
    report
        .providers()
        .forEach(
            (id, provider) -> {
              print(id, provider.total(), out);
              provider.flavours().forEach((name, tally) -> print("  " + name, tally, out));
            });
    for (PriceReport.Mismatch mismatch : report.mismatches()) {
      out.printf(
          "%n%s, %s %s, %s%n  expected %s%n  got      %s%n",
          mismatch.where(),
          mismatch.provider(),
          mismatch.flavour(),
          mismatch.model(),
          mismatch.expected(),
          mismatch.got());
    }
  }

  private static void print(String name, PriceReport.Tally tally, PrintWriter out) {
    out.printf(
        "%-28s %,7d %,7d %,11d %,8d %,7d%n",
        name, tally.n(), tally.exact(), tally.mismatched(), tally.skipped(), tally.priced());
  }
}
