package dev.askonce.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.bench.data.InputException;
import dev.askonce.optimizer.cost.Cost;
import dev.askonce.optimizer.cost.Counts;
import dev.askonce.optimizer.cost.PriceCatalog;
import dev.askonce.optimizer.cost.ProviderPrices;
import dev.askonce.optimizer.cost.UsageExtractor;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Prices recorded usages anew and compares with the prices recorded beside them. */
public final class PriceEvaluation {
  private static final int MISMATCHES_MAX = 20;
  private static final String NO_PRICE = "no price";

  private final PriceCatalog catalog;
  private final Instant at;
  private final Count total = new Count();
  private final Map<String, Count> byProvider = new TreeMap<>();
  private final Map<String, Map<String, Count>> byFlavour = new TreeMap<>();
  private final List<PriceReport.Mismatch> mismatches = new ArrayList<>();
  private long rows;
  private long rowsExact;

  /**
   * @param at the time whose prices count
   */
  public PriceEvaluation(PriceCatalog catalog, Instant at) {
    this.catalog = catalog;
    this.at = at;
  }

  private static final class Count {
    private long n;
    private long exact;
    private long mismatched;
    private long skipped;
    private long priced;

    PriceReport.Tally tally() {
      return new PriceReport.Tally(n, exact, mismatched, skipped, priced);
    }
  }

  /** What became of one expectation. */
  private sealed interface Outcome {
    record Exact(boolean priced) implements Outcome {}

    record Mismatched(String expected, String got) implements Outcome {}

    record Skipped() implements Outcome {}
  }

  /**
   * {@return the report on a file of lines {@code {body, model, extracted: [{usage, extractors:
   * [{provider_id, api_flavor, input_price, output_price, total_price}]}]}}}
   */
  public PriceReport run(Path usages) throws IOException {
    JsonLines.read(usages, this::row);
    Map<String, PriceReport.Provider> providers = new TreeMap<>();
    byProvider.forEach(
        (id, count) -> {
          Map<String, PriceReport.Tally> flavours = new TreeMap<>();
          byFlavour.get(id).forEach((name, part) -> flavours.put(name, part.tally()));
          providers.put(id, new PriceReport.Provider(count.tally(), flavours));
        });
    return new PriceReport(
        rows, rowsExact, at.toString(), total.tally(), providers, List.copyOf(mismatches));
  }

  private void row(JsonNode line, String where) {
    InputException.require(line.path("body").isObject(), where + ": no object in \"body\"");
    InputException.require(line.path("extracted").isArray(), where + ": no list in \"extracted\"");
    rows++;
    boolean exact = true;
    for (JsonNode extracted : line.path("extracted")) {
      for (JsonNode expected : extracted.path("extractors")) {
        exact &= expectation(line, extracted.path("usage"), expected, where);
      }
    }
    rowsExact += exact ? 1 : 0;
  }

  private boolean expectation(JsonNode line, JsonNode usage, JsonNode expected, String where) {
    String provider = JsonLines.text(expected, "provider_id", where);
    String flavour = JsonLines.text(expected, "api_flavor", where);
    Optional<ProviderPrices> prices = catalog.provider(provider);
    Optional<UsageExtractor> extractor = prices.flatMap(one -> one.extractor(flavour));
    Outcome outcome =
        extractor.isEmpty()
            ? new Outcome.Skipped()
            : compare(line, usage, expected, prices.get(), extractor.get(), where);
    for (Count count :
        List.of(
            total,
            byProvider.computeIfAbsent(provider, id -> new Count()),
            byFlavour
                .computeIfAbsent(provider, id -> new TreeMap<>())
                .computeIfAbsent(flavour, name -> new Count()))) {
      count.n++;
      switch (outcome) {
        case Outcome.Exact(boolean priced) -> {
          count.exact++;
          count.priced += priced ? 1 : 0;
        }
        case Outcome.Mismatched mismatched -> count.mismatched++;
        case Outcome.Skipped skipped -> count.skipped++;
      }
    }
    if (outcome instanceof Outcome.Mismatched(String wanted, String got)
        && mismatches.size() < MISMATCHES_MAX) {
      mismatches.add(
          new PriceReport.Mismatch(
              where, provider, flavour, line.path("model").asText(null), wanted, got));
    }
    return outcome instanceof Outcome.Exact;
  }

  private Outcome compare(
      JsonNode line,
      JsonNode usage,
      JsonNode expected,
      ProviderPrices provider,
      UsageExtractor extractor,
      String where) {
    JsonNode body = line.get("body");
    Map<String, Long> wanted = new TreeMap<>();
    usage
        .properties()
        .forEach(
            count -> {
              if (count.getValue().asLong() != 0) {
                wanted.put(count.getKey(), count.getValue().asLong());
              }
            });
    // The body may be the whole response or its usage alone.
    Optional<Counts> counts = extractor.extract(body).or(() -> extractor.extractUsage(body));
    if (counts.isEmpty() || !counts.get().byName().equals(wanted)) {
      return new Outcome.Mismatched(
          wanted.toString(), counts.map(Counts::toString).orElse("no usage"));
    }
    Optional<Cost> cost =
        extractor
            .model(body)
            .or(() -> Optional.ofNullable(line.path("model").textValue()))
            .flatMap(model -> catalog.price(provider, model, at))
            .map(price -> price.cost(counts.get()));
    String price = cost.map(PriceEvaluation::text).orElse(NO_PRICE);
    String recorded = recorded(expected, where).map(PriceEvaluation::text).orElse(NO_PRICE);
    return price.equals(recorded)
        ? new Outcome.Exact(cost.isPresent())
        : new Outcome.Mismatched(recorded, price);
  }

  private static Optional<Cost> recorded(JsonNode expected, String where) {
    if (!expected.hasNonNull("input_price") && !expected.hasNonNull("output_price")) {
      return Optional.empty();
    }
    BigDecimal input = dollars(expected, "input_price", where);
    BigDecimal output = dollars(expected, "output_price", where);
    BigDecimal total =
        expected.hasNonNull("total_price")
            ? dollars(expected, "total_price", where)
            : input.add(output);
    return Optional.of(new Cost(input, output, total));
  }

  private static BigDecimal dollars(JsonNode expected, String field, String where) {
    try {
      return new BigDecimal(expected.path(field).asText("0"));
    } catch (NumberFormatException e) {
      throw new InputException(where + ": no amount in \"" + field + "\"");
    }
  }

  /** {@return a cost so that equal amounts read equal} */
  private static String text(Cost cost) {
    return "input "
        + plain(cost.input())
        + ", output "
        + plain(cost.output())
        + ", total "
        + plain(cost.total());
  }

  private static String plain(BigDecimal dollars) {
    return dollars.stripTrailingZeros().toPlainString();
  }
}
