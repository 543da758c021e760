package dev.askonce.optimizer.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * A price and when it holds, in UTC: from a day on, or between two times of every day, the later
 * one exclusive. Neither is always.
 */
record DatedPrice(Price price, Instant from, Optional<Hours> hours) {
  /** A part of the day; where it ends before it starts, it goes past midnight. */
  record Hours(LocalTime start, LocalTime end) {
    boolean contain(LocalTime time) {
      boolean started = !time.isBefore(start);
      boolean ended = !time.isBefore(end);
      return start.isBefore(end) ? started && !ended : started || !ended;
    }
  }

  static DatedPrice always(Price price) {
    return new DatedPrice(price, Instant.MIN, Optional.empty());
  }

  static DatedPrice since(LocalDate day, Price price) {
    Instant from = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    return new DatedPrice(price, from, Optional.empty());
  }

  /**
   * {@return a price under a constraint of a genai-prices document}
   *
   * @param constraint null for none
   */
  static DatedPrice under(JsonNode constraint, Price price) {
    if (constraint == null || constraint.isNull()) {
      return always(price);
    }
    try {
      if (constraint.has("start_date")) {
        return since(LocalDate.parse(constraint.get("start_date").asText()), price);
      }
      Hours hours =
          new Hours(
              time(constraint.path("start_time").asText()),
              time(constraint.path("end_time").asText()));
      return new DatedPrice(price, Instant.MIN, Optional.of(hours));
    } catch (DateTimeException e) {
      throw new ChatException.InvalidPrices("unknown constraint of a price: " + constraint);
    }
  }

  private static LocalTime time(String text) {
    return LocalTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
  }

  boolean holds(Instant at) {
    return !at.isBefore(from)
        && (hours.isEmpty() || hours.get().contain(LocalTime.ofInstant(at, ZoneOffset.UTC)));
  }

  /** {@return the last of them that holds} */
  static Optional<Price> lastOf(List<DatedPrice> prices, Instant at) {
    for (int i = prices.size() - 1; i >= 0; i--) {
      if (prices.get(i).holds(at)) {
        return Optional.of(prices.get(i).price());
      }
    }
    return Optional.empty();
  }
}
