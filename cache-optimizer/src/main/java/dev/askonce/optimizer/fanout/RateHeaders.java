package dev.askonce.optimizer.fanout;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a reply's headers say about limits: {@code x-ratelimit-{limit,remaining,reset}-{requests,
 * tokens}}, {@code retry-after} (RFC 9110, seconds or a date) and {@code retry-after-ms}. What
 * cannot be read counts as absent.
 */
final class RateHeaders {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}(?:\\.\\d+)?");
  private static final Pattern SPAN = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|us|µs|ns|s|m|h|d)");

  private final Map<String, List<String>> headers;

  RateHeaders(Map<String, List<String>> headers) {
    this.headers = headers;
  }

  Optional<String> first(String name) {
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      // Some transports have a null name for the status line.
      if (name.equalsIgnoreCase(header.getKey()) && !header.getValue().isEmpty()) {
        return Optional.of(header.getValue().get(0).strip());
      }
    }
    return Optional.empty();
  }

  OptionalDouble number(String name) {
    // Double.parseDouble would read "1d", a day, as one.
    return first(name)
        .filter(text -> NUMBER.matcher(text).matches())
        .map(text -> OptionalDouble.of(Double.parseDouble(text)))
        .orElse(OptionalDouble.empty());
  }

  /**
   * {@return a span such as {@code 6m0s}, {@code 1.5s} or {@code 20ms}; a bare number is seconds}
   */
  Optional<Duration> span(String name) {
    OptionalDouble seconds = number(name);
    if (seconds.isPresent()) {
      return Optional.of(Duration.ofNanos((long) (seconds.getAsDouble() * 1e9)));
    }
    String text = first(name).orElse("");
    Matcher matcher = SPAN.matcher(text);
    double nanos = 0;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      nanos += Double.parseDouble(matcher.group(1)) * nanosOf(matcher.group(2));
      end = matcher.end();
    }
    return end > 0 && end == text.length()
        ? Optional.of(Duration.ofNanos((long) nanos))
        : Optional.empty();
  }

  private static double nanosOf(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      case "h" -> 3600e9;
      default -> 86_400e9;
    };
  }

  /**
   * {@return how long the provider asks to wait}
   *
   * @param now for a date
   */
  Optional<Duration> retryAfter(Instant now) {
    OptionalDouble millis = number("retry-after-ms");
    if (millis.isPresent()) {
      return Optional.of(Duration.ofNanos((long) (millis.getAsDouble() * 1e6)));
    }
    Optional<Duration> span = span("retry-after");
    if (span.isPresent()) {
      return span;
    }
    try {
      ZonedDateTime date =
          ZonedDateTime.parse(
              first("retry-after").orElse(""), DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(now, date.toInstant());
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
