package dev.askonce.optimizer.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ServiceTier;
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
    "o1-mini, 3000, 12000",
    "text-embedding-3-small, 20, 0",
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
        "o1-pro",
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
        "nonsense",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':1,'output':4,'batchPercent':101}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':1,'output':4,'batchPercent':4294967346}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':0.5,'output':4}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':1}]}",
        "{'prices':[{'models':['m'],'from':'soon','input':1,'output':4}]}",
        "{'prices':[{'models':[],'from':'2025-01-01','input':1,'output':4}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':1,'output':4,'serviceTiers':{'a':-1}}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':1,'output':4,'serviceTiers':{'a':{}}}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':-1,'output':4}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':1000000000000001,'output':4}]}",
        "{'prices':[{'models':['m'],'from':'2025-01-01','input':1e-99999999999999,'output':4}]}",
        "[{'id':'p','models':[{'match':{'equals':'m'},'prices':{'input_mtok':1e-999999999}}]}]"
      })
  void read_faultyTable_isRefused(String json) {
    assertThrows(ChatException.InvalidPrices.class, () -> read(json));
  }

  @Test
  void of_longerInput_pricesTheWholeCallHigher() throws IOException {
    Price price =
        read("{'prices':[{'models':['m'],'from':'2025-01-01','input':1000000,'output':4000000,"
                + "'longer':[{'thanTokens':100,'input':2000000},"
                + "{'thanTokens':200,'input':3000000,'output':5000000}]}]}")
            .of("m", DAY)
            .orElseThrow();
    assertEquals(100 + 4, price.nanoDollars(Usage.of(100, 1)));
    assertEquals(2 * 101 + 4, price.nanoDollars(Usage.of(101, 1)));
    assertEquals(3 * 201 + 5, price.nanoDollars(Usage.of(201, 1)));
  }

  @Test
  void serviceTiers_areSharesOrPricesOfTheirOwn() throws IOException {
    Price price =
        read("{'prices':[{'models':['m'],'from':'2025-01-01','input':1000000,'output':4000000,"
                + "'longer':[{'thanTokens':100,'input':2000000}],'serviceTiers':"
                + "{'flex':50,'Priority':{'input':3000000,'output':8000000}}}]}")
            .of("m", DAY)
            .orElseThrow();
    Usage usage = Usage.of(200, 10);
    assertEquals(400 + 40, tier(price, "auto").orElseThrow().nanoDollars(usage));
    assertEquals(200 + 20, tier(price, "flex").orElseThrow().nanoDollars(usage));
    assertEquals(200 + 20, tier(price, "batch").orElseThrow().nanoDollars(usage));
    Price priority = tier(price, "priority").orElseThrow();
    assertEquals(600 + 80, priority.nanoDollars(usage));
    assertEquals(200 + 20, priority.batch().nanoDollars(usage));
    assertEquals(Optional.empty(), tier(price, "scale"));
    assertEquals(
        Optional.empty(), tier(prices.of("gpt-4o", DAY).orElseThrow(), "flex"), "not guessed");
  }

  private static Optional<Price> tier(Price price, String name) {
    return price.at(ServiceTier.of(name));
  }

  @Test
  void batch_isHalfUnlessSaid_andSearchesStayAsTheyAre() throws IOException {
    Prices table =
        read(
            "{'prices':[{'models':['half'],'from':'2025-01-01','input':2000000,'output':4000000,"
                + "'webSearches':7000},{'models':['full'],'from':'2025-01-01','input':2000000,"
                + "'output':4000000,'batchPercent':100}]}");
    Usage usage = new Usage(10, 0, 0, 0, 0, 5, 0, 0, 1);
    assertEquals(10 + 10 + 7, table.of("half", DAY).orElseThrow().batch().nanoDollars(usage));
    assertEquals(20 + 20, table.of("full", DAY).orElseThrow().batch().nanoDollars(usage));
  }

  @Test
  void kinds_costWhatTheyArePartOfUnlessPricedApart() throws IOException {
    Price price =
        read("{'prices':[{'models':['m'],'from':'2025-01-01','input':1000000,'output':2000000,"
                + "'cacheWrite':10000000,'cacheWriteHour':20000000,'reasoning':30000000,"
                + "'inputAudio':100000000}]}")
            .of("m", DAY)
            .orElseThrow();
    // 100 of input: 5 cached at the plain price, 7 written for minutes, 3 for an hour, 2 of sound.
    Usage usage = new Usage(100, 5, 10, 3, 2, 50, 20, 4, 0);
    assertEquals(88 + 70 + 60 + 200 + 30 * 2 + 20 * 30, price.nanoDollars(usage));
    assertEquals(1_000_000, price.cachedInput());
    assertEquals(2_000_000, price.of(Kind.OUTPUT_AUDIO));
  }

  @Test
  void published_isTheProvidersListAndDated() {
    Prices published = Prices.published();
    Price gpt4o = published.of("gpt-4o-2024-08-06", DAY).orElseThrow();
    assertEquals(2_500_000_000L, gpt4o.input());
    assertEquals(10_000_000_000L, gpt4o.output());
    Price sonnet = published.of("claude-sonnet-4-5-20250929", DAY).orElseThrow();
    assertEquals(3 * DOLLAR / 1_000_000 * 200_000, sonnet.nanoDollars(Usage.of(200_000, 0)));
    assertEquals(6 * DOLLAR / 1_000_000 * 200_001, sonnet.nanoDollars(Usage.of(200_001, 0)));
    assertEquals(6 * DOLLAR, sonnet.of(Kind.CACHE_WRITE_1H));
    assertEquals(
        2 * DOLLAR, published.of("claude-sonnet-5", LocalDate.of(2026, 8, 31)).get().input());
    assertEquals(
        3 * DOLLAR, published.of("claude-sonnet-5", LocalDate.of(2026, 9, 1)).get().input());
    assertEquals(20_000_000, published.of("text-embedding-3-small", DAY).get().input());
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
