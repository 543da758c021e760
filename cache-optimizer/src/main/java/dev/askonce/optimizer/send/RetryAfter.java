package dev.askonce.optimizer.send;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When a provider wants to be asked again: {@code retry-after-ms}, which OpenAI and Azure send, or
 * {@code retry-after} in seconds or as a date (RFC 9110, §10.2.3).
 */
final class RetryAfter {
  private RetryAfter() {}

  /** {@return the wait, not negative, or empty where nothing is said that can be understood} */
  static Optional<Duration> of(Map<String, List<String>> headers, Instant now) {
    return header(headers, "retry-after-ms")
        .flatMap(text -> number(text, 1))
        .or(
            () ->
                header(headers, "retry-after")
                    .flatMap(text -> number(text, 1_000).or(() -> date(text, now))));
  }

  /** {@return the first value of a header, whatever the case of its name} */
  static Optional<String> header(Map<String, List<String>> headers, String name) {
    for (Map.Entry<String, List<String>> entry : headers.entrySet()) {
      if (name.equalsIgnoreCase(entry.getKey()) && !entry.getValue().isEmpty()) {
        return Optional.of(entry.getValue().getFirst().strip());
      }
    }
    return Optional.empty();
  }

  private static Optional<Duration> number(String text, int millis) {
    try {
      double value = Double.parseDouble(text) * millis;
      // More than a long holds of nanoseconds is longer than anybody waits.
      return value >= 0 && value <= Integer.MAX_VALUE * 1000.0
          ? Optional.of(Duration.ofMillis(Math.round(value)))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> date(String text, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, then);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
