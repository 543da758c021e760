package dev.askonce.optimizer.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Usage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PricesTest {
  private static final LocalDate DAY = LocalDate.of(2025, 11, 15);
  private static final long DOLLAR = 1_000_000_000;

  private final Prices prices = Prices.november2025();

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, 5000, 15000",
    "GPT-4o, 5000, 15000",
    "gpt-4o-2024-08-06, 5000, 15000",
    "gpt-4o-mini, 150, 600",
    "gpt-4o-mini-2024-07-18, 150, 600",
    "claude-3-5-sonnet-20241022, 3000, 15000",
    "claude-3-5-sonnet-latest, 3000, 15000",
    "claude-3-5-haiku@20241022, 800, 4000",
    "llama-3.1-70b, 100, 100",
    "meta-llama/Llama-3.1-8B-Instruct, 10, 10"
  })
  void of_knownModel_isTheTable(String model, long input, long output) {
    Price price = prices.of(model, DAY).orElseThrow();
    assertEquals(input * 1_000_000, price.input());
    assertEquals(output * 1_000_000, price.output());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gpt",
        "gpt-4",
        "gpt-4o-audio-preview",
        "gpt-4o-mini-realtime",
        "gpt-4ox",
        "o1-mini",
        "gpt-4o-mini-tts-2025-01-01",
        "-",
        "gpt-4o-latest-x",
        "llama-3.1-405b"
      })
  void of_unknownModel_isEmpty(String model) {
    assertEquals(Optional.empty(), prices.of(model, DAY));
  }

  @Test
  void of_dayBeforeTheFirstPrice_isEmpty() {
    assertEquals(Optional.empty(), prices.of("gpt-4o", LocalDate.of(2025, 10, 31)));
  }

  @Test
  void of_severalDates_newestThatHolds() throws IOException {
    Prices dated =
        read(
            "{'prices':[{'models':['m'],'from':'2025-01-01','input':2,'output':4},"
                + "{'models':['m'],'from':'2026-01-01','input':1,'output':3}]}");
    assertEquals(2, dated.of("m", LocalDate.of(2025, 12, 31)).orElseThrow().input());
    assertEquals(1, dated.of("m", LocalDate.of(2026, 1, 1)).orElseThrow().input());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':0.5,'output':4}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':1}]}",
        "{'prices':[{'models':['m'],'from':'soon','input':1,'output':4}]}",
        "{'prices':[{'models':[],'from':'2025-01-01','input':1,'output':4}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':-1,'output':4}]}"
      })
  void read_faultyTable_isRefused(String json) {
    assertThrows(ChatException.InvalidPrices.class, () -> read(json));
  }

  private static Prices read(String json) throws IOException {
    return Prices.read(
        new ByteArrayInputStream(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void nanoDollars_isExact() {
    Price gpt4o = prices.of("gpt-4o", DAY).orElseThrow();
    // The article's platform: 50,000 requests a day of 2,000 and 500 tokens.
    assertEquals(875 * DOLLAR, 50_000 * gpt4o.nanoDollars(Usage.of(2_000, 500)));
    assertEquals(5_000, gpt4o.nanoDollars(Usage.of(1, 0)));
    assertEquals(3_750 * 1_000, gpt4o.nanoDollars(new Usage(1_000, 500, 0, 0, 0)));
    assertEquals(15_000, gpt4o.nanoDollars(new Usage(0, 0, 0, 1, 1)));
    assertEquals(0, gpt4o.nanoDollars(Usage.NONE));
  }

  @Test
  void nanoDollars_halfIsRoundedUpAtTheEnd() {
    Price price = new Price(499_999, 500_000, 0, 0);
    assertEquals(0, price.nanoDollars(Usage.of(1, 0)));
    assertEquals(1, price.nanoDollars(new Usage(1, 1, 0, 0, 0)));
    assertEquals(1, price.nanoDollars(new Usage(2, 1, 0, 0, 0)));
  }

  @Test
  void nanoDollars_beyondALong_isStillExact() {
    Price price = new Price(1_000_000 * DOLLAR, 0, 0, 0);
    assertEquals(100_000_000 * DOLLAR, price.nanoDollars(Usage.of(100_000_000, 0)));
  }

  @Test
  void nanoDollars_moreCachedThanInput_isNoCredit() {
    Price price = new Price(2_000_000, 1_000_000, 3_000_000, 0);
    assertEquals(10, price.nanoDollars(new Usage(10, 25, 30, 0, 0)));
    assertEquals(4 + 3 * 6, price.nanoDollars(new Usage(10, 4, 30, 0, 0)));
  }
}
