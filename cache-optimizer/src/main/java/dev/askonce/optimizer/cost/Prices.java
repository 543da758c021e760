package dev.askonce.optimizer.cost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.ServiceTier;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What models cost, and since when: data, not code. Immutable and thread-safe.
 *
 * <p>Two forms are read. The project's own is a table by model name: a model is found by its exact
 * name, or by the longest name in the table that it extends by a version: digits in groups, or
 * {@code latest}. So {@code gpt-4o-2024-08-06} has the price of {@code gpt-4o}, {@code
 * gpt-4o-mini-2024-07-18} that of {@code gpt-4o-mini}, and {@code gpt-4o-audio-preview}, which is
 * neither, has none. The other form is that of {@link PriceCatalog}, with rules of its own.
 */
public final class Prices {
  private static final String NOVEMBER_2025 = "prices-2025-11.json";
  private static final String PUBLISHED = "prices-published.json";
  private static final ObjectReader EXACT =
      Json.MAPPER.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private interface Source {
    Optional<Price> price(String url, String model, Instant at);
  }

  private final Source source;
  private final Optional<PriceCatalog> catalog;

  private Prices(PriceTable table) {
    source = (url, model, at) -> table.price(model, at);
    catalog = Optional.empty();
  }

  private Prices(PriceCatalog document) {
    source = document::price;
    catalog = Optional.of(document);
  }

  /**
   * {@return the table of November 2025 that the article behind this project gives} It has GPT-4o
   * at $5 and $15 a million, where the provider asked for $2.50 and $10: see {@link #published}.
   */
  public static Prices november2025() {
    return resource(NOVEMBER_2025);
  }

  /**
   * {@return the list prices that OpenAI and Anthropic published, with the days they hold from, and
   * those of the self-hosted models of the article} The file names its sources.
   */
  public static Prices published() {
    return resource(PUBLISHED);
  }

  private static Prices resource(String name) {
    try (InputStream in = Prices.class.getResourceAsStream(name)) {
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return the prices in a JSON document} Either one of genai-prices, or one of the form of
   * {@code prices-2025-11.json}, beside this class, whose prices are integers, in nano-dollars per
   * million tokens: {@code input}, {@code output}, and where they differ {@code cachedInput},
   * {@code cacheWrite}, {@code cacheWriteHour}, {@code reasoning}, {@code inputAudio}, {@code
   * cachedAudio}, {@code outputAudio}; and, per thousand, {@code webSearches} and {@code requests}.
   * {@code longer} lists {@code thanTokens} and the prices of calls with a longer input; {@code
   * batchPercent} is what a batch costs of that, 50 unless said. {@code serviceTiers} has, by the
   * names that replies give them, what other tiers cost: a percentage of that, or prices of their
   * own; a tier that is not there has no price.
   *
   * @throws ChatException.InvalidPrices if it is neither, or a name, a date or a price is missing
   */
  public static Prices read(InputStream in) throws IOException {
    JsonNode document;
    try {
      document = EXACT.readTree(in);
    } catch (JsonProcessingException | NumberFormatException e) {
      // A number whose exponent is no number is the parser's own kind of trouble.
      throw new ChatException.InvalidPrices("the document is not JSON");
    }
    if (document.isArray()) {
      return new Prices(PriceCatalog.parse(document));
    }
    if (document.has("providers")) {
      return new Prices(PriceCatalog.parse(document.get("providers")));
    }
    return new Prices(PriceTable.parse(document.path("prices")));
  }

  /**
   * {@return the prices in a file, compressed with gzip where its name ends with {@code .gz}} See
   * {@link #read(InputStream)}.
   *
   * @throws ChatException.InvalidPrices if they are none, or not whole as gzip
   */
  public static Prices read(Path file) throws IOException {
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
      return read(file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes);
    } catch (ZipException | EOFException e) {
      throw new ChatException.InvalidPrices("the file is not whole as gzip");
    }
  }

  /** {@return the price of a model's tokens on a day, or empty where there is none} */
  public Optional<Price> of(String model, LocalDate day) {
    return of("", model, day.atTime(12, 0).toInstant(ZoneOffset.UTC));
  }

  /**
   * {@return the price of a model's tokens at a time, or empty where there is none}
   *
   * @param url where it is asked, by which a catalog tells providers apart; may be empty
   */
  public Optional<Price> of(String url, String model, Instant at) {
    return source.price(url, model, at);
  }

  /**
   * {@return the price of a model's tokens at a time and a service tier, or empty where there is
   * none} See {@link #of(String, String, Instant)}.
   */
  public Optional<Price> of(String url, String model, Instant at, ServiceTier tier) {
    return of(url, model, at).flatMap(price -> price.at(tier));
  }

  /** {@return the document of many providers behind these prices, if it is one} */
  public Optional<PriceCatalog> catalog() {
    return catalog;
  }
}
