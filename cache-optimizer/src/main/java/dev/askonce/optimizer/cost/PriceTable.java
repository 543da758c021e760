package dev.askonce.optimizer.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ServiceTier;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prices by model name and day, in the project's own JSON. Immutable and thread-safe.
 *
 * <p>A model is found by its exact name, or by the longest name in the table that it extends by a
 * version: digits in groups, or {@code latest}.
 */
final class PriceTable {
  private static final Map<String, Kind> FIELDS =
      Map.ofEntries(
          Map.entry("input", Kind.INPUT),
          Map.entry("cachedInput", Kind.CACHE_READ),
          Map.entry("cacheWrite", Kind.CACHE_WRITE),
          Map.entry("cacheWriteHour", Kind.CACHE_WRITE_1H),
          Map.entry("output", Kind.OUTPUT),
          Map.entry("reasoning", Kind.OUTPUT_REASONING),
          Map.entry("inputAudio", Kind.INPUT_AUDIO),
          Map.entry("cachedAudio", Kind.CACHE_AUDIO_READ),
          Map.entry("outputAudio", Kind.OUTPUT_AUDIO),
          Map.entry("webSearches", Kind.WEB_SEARCHES),
          Map.entry("requests", Kind.REQUESTS));

  private static final long PERCENT_MAX = 1_000;

  /** Oldest first. */
  private final Map<String, List<DatedPrice>> byName;

  private PriceTable(Map<String, List<DatedPrice>> byName) {
    this.byName = byName;
  }

  static PriceTable parse(JsonNode entries) {
    Map<String, List<DatedPrice>> byName = new HashMap<>();
    for (JsonNode entry : entries) {
      DatedPrice dated = dated(entry);
      if (entry.path("models").isEmpty()) {
        throw new ChatException.InvalidPrices("an entry names no models");
      }
      for (JsonNode name : entry.path("models")) {
        byName.computeIfAbsent(lower(name.asText()), key -> new ArrayList<>()).add(dated);
      }
    }
    if (byName.isEmpty()) {
      throw new ChatException.InvalidPrices("the table is empty");
    }
    byName.values().forEach(list -> list.sort((a, b) -> a.from().compareTo(b.from())));
    return new PriceTable(byName);
  }

  private static DatedPrice dated(JsonNode entry) {
    Map<Kind, Rate> rates = rates(entry);
    long batchPercent =
        entry.has("batchPercent") ? integer(entry, "batchPercent") : Price.BATCH_PERCENT;
    try {
      LocalDate day = LocalDate.parse(entry.path("from").asText());
      Price batch = new Price(rates, batchPercent).batch();
      return DatedPrice.since(day, new Price(rates, batchPercent, tiers(entry, rates, batch)));
    } catch (DateTimeException e) {
      throw new ChatException.InvalidPrices(
          "no date: from \"" + entry.path("from").asText() + "\"");
    }
  }

  private static Map<Kind, Rate> rates(JsonNode entry) {
    integer(entry, "input");
    integer(entry, "output");
    Map<Kind, Rate> rates = new EnumMap<>(Kind.class);
    FIELDS.forEach(
        (field, kind) -> {
          if (entry.has(field)) {
            rates.put(kind, rate(entry, field));
          }
        });
    return rates;
  }

  /** {@return the prices of other tiers: a percentage of these, or some of their own} */
  private static Map<ServiceTier, Price> tiers(JsonNode entry, Map<Kind, Rate> rates, Price batch) {
    Map<ServiceTier, Price> tiers = new HashMap<>();
    JsonNode listed = entry.path("serviceTiers");
    listed
        .properties()
        .forEach(
            tier -> {
              Map<Kind, Rate> own =
                  tier.getValue().isObject()
                      ? rates(tier.getValue())
                      : Price.ratesAt(rates, percent(listed, tier.getKey()));
              tiers.put(ServiceTier.of(tier.getKey()), new Price(own, batch));
            });
    return tiers;
  }

  private static long percent(JsonNode tiers, String name) {
    long percent = integer(tiers, name);
    if (percent < 0 || percent > PERCENT_MAX) {
      throw new ChatException.InvalidPrices(
          "service tier " + name + " at " + percent + "% is not in 0.." + PERCENT_MAX);
    }
    return percent;
  }

  private static Rate rate(JsonNode entry, String field) {
    List<Rate.Step> steps = new ArrayList<>();
    for (JsonNode step : entry.path("longer")) {
      if (step.has(field)) {
        steps.add(
            new Rate.Step(integer(step, "thanTokens"), Price.rate(integer(step, field)).base()));
      }
    }
    return new Rate(Price.rate(integer(entry, field)).base(), steps);
  }

  private static long integer(JsonNode entry, String field) {
    JsonNode value = entry.path(field);
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw new ChatException.InvalidPrices(
          field + " of " + entry.path("models") + " is no integer");
    }
    return value.longValue();
  }

  Optional<Price> price(String model, Instant at) {
    String name = lower(model);
    int length = name.length();
    while (length > 0) {
      List<DatedPrice> found = byName.get(name.substring(0, length));
      if (found != null) {
        return isVersion(name, length) ? DatedPrice.lastOf(found, at) : Optional.empty();
      }
      length = Math.max(name.lastIndexOf('-', length - 1), name.lastIndexOf('@', length - 1));
    }
    return Optional.empty();
  }

  /** {@return whether the name from {@code start} on is empty or a date, number or "latest"} */
  private static boolean isVersion(String name, int start) {
    if (name.startsWith("latest", start + 1)) {
      return name.length() == start + 1 + "latest".length();
    }
    for (int i = start; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '-' && c != '@' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
