package dev.askonce.optimizer.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One provider of a genai-prices document: how it is recognised, how its APIs say what a call used,
 * and what its models cost. Immutable and thread-safe.
 */
public final class ProviderPrices {
  /**
   * A model, or several of one price.
   *
   * @param prices empty where they name a kind that we do not know: to leave it out would be to say
   *     that it costs nothing
   */
  record Model(Predicate<String> match, List<DatedPrice> prices) {
    /** {@return the price at a time: the last that holds, or else the first, as documented} */
    Optional<Price> at(Instant at) {
      return prices.isEmpty()
          ? Optional.empty()
          : DatedPrice.lastOf(prices, at).or(() -> Optional.of(prices.getFirst().price()));
    }
  }

  private final String id;
  private final Pattern url;
  private final Optional<Predicate<String>> modelMatch;
  private final List<UsageExtractor> extractors;
  private final List<Model> models;
  private final List<String> lenders;

  private ProviderPrices(JsonNode json) {
    id = json.path("id").asText();
    url = pattern(json.path("api_pattern").asText());
    modelMatch =
        json.hasNonNull("model_match")
            ? Optional.of(MatchRule.parse(json.get("model_match")))
            : Optional.empty();
    extractors = new ArrayList<>();
    json.path("extractors").forEach(extractor -> extractors.add(UsageExtractor.parse(extractor)));
    models = new ArrayList<>();
    json.path("models").forEach(model -> models.add(model(model)));
    lenders = new ArrayList<>();
    json.path("fallback_model_providers").forEach(lender -> lenders.add(lender.asText()));
  }

  static ProviderPrices parse(JsonNode json) {
    if (!json.path("id").isTextual()) {
      throw new ChatException.InvalidPrices("a provider has no id");
    }
    return new ProviderPrices(json);
  }

  private static Pattern pattern(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new ChatException.InvalidPrices("not a regular expression: " + expression);
    }
  }

  private static Model model(JsonNode json) {
    Predicate<String> match = MatchRule.parse(json.path("match"));
    JsonNode prices = json.path("prices");
    List<DatedPrice> dated = new ArrayList<>();
    for (JsonNode entry : prices.isArray() ? prices : List.of(json)) {
      JsonNode own = entry.path("prices");
      if (!own.isObject()) {
        throw new ChatException.InvalidPrices("no prices of " + json.path("id"));
      }
      if (!knowsAll(own)) {
        return new Model(match, List.of());
      }
      dated.add(DatedPrice.under(entry.get("constraint"), price(own)));
    }
    if (dated.isEmpty()) {
      throw new ChatException.InvalidPrices("no prices of " + json.path("id"));
    }
    return new Model(match, dated);
  }

  private static boolean knowsAll(JsonNode prices) {
    return prices.properties().stream().allMatch(price -> Kind.ofPrice(price.getKey()).isPresent());
  }

  private static Price price(JsonNode prices) {
    Map<Kind, Rate> rates = new EnumMap<>(Kind.class);
    prices
        .properties()
        .forEach(
            price -> {
              if (!price.getValue().isNull()) {
                rates.put(Kind.ofPrice(price.getKey()).orElseThrow(), rate(price.getValue()));
              }
            });
    return new Price(rates, Price.BATCH_PERCENT);
  }

  private static Rate rate(JsonNode price) {
    if (!price.isObject()) {
      return Rate.of(decimal(price));
    }
    List<Rate.Step> steps = new ArrayList<>();
    for (JsonNode tier : price.path("tiers")) {
      steps.add(new Rate.Step(tier.path("start").asLong(), decimal(tier.path("price"))));
    }
    return new Rate(decimal(price.path("base")), steps);
  }

  private static BigDecimal decimal(JsonNode price) {
    if (!price.isNumber()) {
      throw new ChatException.InvalidPrices("not a price: " + price);
    }
    return price.decimalValue();
  }

  public String id() {
    return id;
  }

  /** {@return how a flavour of the provider's API says what a call used, if it is known} */
  public Optional<UsageExtractor> extractor(String flavour) {
    return extractors.stream().filter(one -> one.flavour().equals(flavour)).findFirst();
  }

  /** {@return whether this provider answers at a URL} */
  boolean answersAt(String address) {
    return url.matcher(address).lookingAt();
  }

  /** {@return whether a model of this name is this provider's own} */
  boolean owns(String model) {
    return modelMatch.isPresent() && modelMatch.get().test(model.toLowerCase(Locale.ROOT));
  }

  /** {@return the providers whose models it offers at their prices, where it has none itself} */
  List<String> lenders() {
    return lenders;
  }

  /** {@return the first of its models that a name means} */
  Optional<Model> model(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return models.stream().filter(model -> model.match().test(lower)).findFirst();
  }
}
