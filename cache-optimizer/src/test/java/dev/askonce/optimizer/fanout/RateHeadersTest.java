package dev.askonce.optimizer.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateHeadersTest {
  private static final Instant NOW = Instant.parse("2025-11-15T08:00:00Z");

  private static RateHeaders of(String name, String value) {
    Map<String, List<String>> headers = new HashMap<>();
    headers.put(null, List.of("HTTP/1.1 200 OK"));
    headers.put(name, List.of(value));
    return new RateHeaders(headers);
  }

  @Test
  void spans_areReadAsProvidersWriteThem() {
    Map<String, Long> millis =
        Map.of(
            "6m0s",
            360_000L,
            "1s",
            1_000L,
            "20ms",
            20L,
            "1.5s",
            1_500L,
            "1h2m3.004s",
            3_723_004L,
            "2",
            2_000L,
            "0.5",
            500L,
            "1d",
            86_400_000L);
    millis.forEach(
        (text, expected) ->
            assertEquals(
                Optional.of(Duration.ofMillis(expected)), of("Reset", text).span("reset"), text));
    for (String faulty : new String[] {"", "soon", "5x", "-3", "1s and more", "NaN", "Infinity"}) {
      assertEquals(Optional.empty(), of("reset", faulty).span("reset"), faulty);
    }
  }

  @Test
  void retryAfter_isSecondsMillisecondsOrADate() {
    assertEquals(Optional.of(Duration.ofSeconds(9)), of("Retry-After", "9").retryAfter(NOW));
    assertEquals(Optional.of(Duration.ofMillis(1)), of("retry-after-ms", "1").retryAfter(NOW));
    assertEquals(
        Optional.of(Duration.ofSeconds(30)),
        of("retry-after", "Sat, 15 Nov 2025 08:00:30 GMT").retryAfter(NOW));
    assertEquals(
        Optional.of(Duration.ZERO),
        of("retry-after", "Sat, 15 Nov 2025 07:00:00 GMT").retryAfter(NOW));
    assertEquals(Optional.empty(), of("retry-after", "later").retryAfter(NOW));
  }
}
