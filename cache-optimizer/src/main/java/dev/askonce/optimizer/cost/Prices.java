package dev.askonce.optimizer.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A table of model prices with the dates they hold from: data, not code. Immutable and thread-safe.
 *
 * <p>A model is found by its exact name, or by the longest name in the table that it extends by a
 * version: digits in groups, or {@code latest}. So {@code gpt-4o-2024-08-06} has the price of
 * {@code gpt-4o}, {@code gpt-4o-mini-2024-07-18} that of {@code gpt-4o-mini}, and {@code
 * gpt-4o-audio-preview}, which is neither, has none.
 */
public final class Prices {
  private record Dated(LocalDate from, Price price) {}

  private static final String NOVEMBER_2025 = "prices-2025-11.json";

  /** Newest first. */
  private final Map<String, List<Dated>> byName;

  private Prices(Map<String, List<Dated>> byName) {
    this.byName = byName;
  }

  /** {@return the table of November 2025 that comes with the optimizer} */
  public static Prices november2025() {
    try (InputStream in = Prices.class.getResourceAsStream(NOVEMBER_2025)) {
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return the table in a JSON document} of the form of {@code prices-2025-11.json}, beside this
   * class: prices are integers, in nano-dollars per million tokens; without a {@code cachedInput}
   * or {@code cacheWrite} those tokens cost as any input.
   *
   * @throws ChatException.InvalidPrices if a name, a date or a price is missing or no integer
   */
  public static Prices read(InputStream in) throws IOException {
    Map<String, List<Dated>> byName = new HashMap<>();
    for (JsonNode entry : Json.MAPPER.readTree(in).path("prices")) {
      Dated dated = dated(entry);
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
    byName.values().forEach(list -> list.sort((a, b) -> b.from().compareTo(a.from())));
    return new Prices(byName);
  }

  private static Dated dated(JsonNode entry) {
    long input = integer(entry, "input");
    Price price =
        new Price(
            input,
            entry.has("cachedInput") ? integer(entry, "cachedInput") : input,
            entry.has("cacheWrite") ? integer(entry, "cacheWrite") : input,
            integer(entry, "output"));
    try {
      return new Dated(LocalDate.parse(entry.path("from").asText()), price);
    } catch (DateTimeException e) {
      throw new ChatException.InvalidPrices(
          "no date: from \"" + entry.path("from").asText() + "\"");
    }
  }

  private static long integer(JsonNode entry, String field) {
    JsonNode value = entry.path(field);
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw new ChatException.InvalidPrices(
          field + " of " + entry.path("models") + " is no integer");
    }
    return value.longValue();
  }

  /** {@return the price of a model's tokens on a day, or empty where the table has none} */
  public Optional<Price> of(String model, LocalDate day) {
    String name = lower(model);
    int length = name.length();
    while (length > 0) {
      List<Dated> found = byName.get(name.substring(0, length));
      if (found != null) {
        return isVersion(name, length) ? on(found, day) : Optional.empty();
      }
      length = Math.max(name.lastIndexOf('-', length - 1), name.lastIndexOf('@', length - 1));
    }
    return Optional.empty();
  }

  private static Optional<Price> on(List<Dated> newestFirst, LocalDate day) {
    for (Dated dated : newestFirst) {
      if (!dated.from().isAfter(day)) {
        return Optional.of(dated.price());
      }
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
