package dev.askonce.optimizer.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PriceCatalogTest {
  private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");
  private static final String EXTRACTORS =
      "[{'root':'usage','mappings':["
          + "{'path':'in','dest':'input_tokens','required':true},"
          + "{'path':'read','dest':'input_tokens','required':false},"
          + "{'path':'read','dest':'cache_read_tokens','required':false},"
          + "{'path':['details','thought'],'dest':'output_reasoning_tokens','required':false},"
          + "{'path':['parts',{'type':'array-match','field':'of','match':{'equals':'AUDIO'}},'n'],"
          + "'dest':'input_audio_tokens','required':false},"
          + "{'path':'unheard','dest':'smells','required':true},"
          + "{'path':'out','dest':'output_tokens','required':true}]}]";

  private final Prices prices =
      read(
          provider("a", "'model_match':{'starts_with':'a-'},'extractors':" + EXTRACTORS)
              + model("a-small", "{'input_mtok':0.075,'output_mtok':0.6}")
              + ","
              + model(
                  "a-dated",
                  "[{'prices':{'input_mtok':1}},{'constraint':{'start_date':'2026-01-10'},"
                      + "'prices':{'input_mtok':2}},{'constraint':{'start_time':'23:00:00Z',"
                      + "'end_time':'01:00:00Z'},'prices':{'input_mtok':3}}]")
              + ","
              + model(
                  "a-long",
                  "{'input_mtok':{'base':1,'tiers':[{'start':20,'price':4},"
                      + "{'start':10,'price':2}]},'output_mtok':10}")
              + ","
              + model("a-odd", "{'input_mtok':1,'input_tastes':2}")
              + "]},"
              + provider("b", "'fallback_model_providers':['nobody','a']")
              + model(
                  "b-own",
                  "{'input_mtok':7,'cache_read_mtok':1,'cache_write_mtok':8,"
                      + "'cache_write_1h_mtok':9,'input_audio_mtok':50,'cache_audio_read_mtok':5,"
                      + "'requests_kcount':12,'web_searches_kcount':10}")
              + "]}");

  private static String provider(String id, String more) {
    return "{'id':'"
        + id
        + "','api_pattern':'https://"
        + id
        + "\\\\.example',"
        + more
        + ",'models':[";
  }

  private static String model(String name, String prices) {
    return "{'id':'x','match':{'equals':'" + name + "'},'prices':" + prices + "}";
  }

  private static Prices read(String providers) {
    try {
      String json = ("[" + providers + "]").replace('\'', '"');
      return Prices.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private BigDecimal input(String model, Instant at, long tokens) {
    return prices
        .of("", model, at)
        .orElseThrow()
        .cost(Counts.of(Map.of(Kind.INPUT, tokens)))
        .input()
        .stripTrailingZeros();
  }

  private static BigDecimal dollars(String amount) {
    return new BigDecimal(amount).stripTrailingZeros();
  }

  @Test
  void price_isExactBelowANanoDollar() {
    assertEquals(dollars("7.5E-8"), input("A-Small", NOON, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-09T12:00:00Z, 1",
    "2026-01-10T00:59:59Z, 3",
    "2026-01-10T01:00:00Z, 2",
    "2026-01-09T23:00:00Z, 3",
    "2026-01-10T22:59:59Z, 2"
  })
  void price_ofSeveral_isTheLastThatHolds(Instant at, long dollars) {
    assertEquals(dollars(dollars + "E-6"), input("a-dated", at, 1));
  }

  @ParameterizedTest
  @CsvSource({"10, 1", "11, 2", "20, 2", "21, 4"})
  void price_ofALongInput_isThatOfAllItsTokens(long tokens, long dollars) {
    assertEquals(
        dollars("1E-6").multiply(BigDecimal.valueOf(tokens * dollars)).stripTrailingZeros(),
        input("a-long", NOON, tokens));
  }

  @Test
  void price_isOfTheProviderAtTheUrlOrWhoseModelsHaveTheName() {
    assertTrue(prices.of("", "a-small", NOON).isPresent());
    assertTrue(prices.of("http://localhost", "a-small", NOON).isPresent());
    assertEquals(Optional.empty(), prices.of("", "b-own", NOON));
    assertTrue(prices.of("https://b.example/v1", "b-own", NOON).isPresent());
    assertEquals(Optional.empty(), prices.of("https://a.example/v1", "b-own", NOON));
    // What b does not price itself it offers at the price of a.
    assertTrue(prices.of("https://b.example/v1", "a-small", NOON).isPresent());
  }

  @Test
  void price_withAKindThatIsNotKnown_isNone() {
    assertEquals(Optional.empty(), prices.of("", "a-odd", NOON));
  }

  @Test
  void cost_isOfEachKindWithoutItsPricedParts() {
    Price price = prices.of("https://b.example", "b-own", NOON).orElseThrow();
    Cost cost =
        price.cost(
            Counts.of(
                Map.of(
                    Kind.INPUT, 1000L,
                    Kind.CACHE_READ, 100L,
                    Kind.CACHE_WRITE, 200L,
                    Kind.CACHE_WRITE_1H, 50L,
                    Kind.INPUT_AUDIO, 40L,
                    Kind.CACHE_AUDIO_READ, 30L,
                    Kind.WEB_SEARCHES, 2L)));
    // 70 read of text, 30 of sound, 10 of sound not read, 150 + 50 written, and the plain rest.
    long micros = 70 * 1 + 30 * 5 + 10 * 50 + 150 * 8 + 50 * 9 + (1000 - 100 - 200 - 10) * 7;
    assertEquals(dollars("1E-6").multiply(BigDecimal.valueOf(micros)), cost.input());
    assertEquals(0, cost.output().signum());
    assertEquals(
        0,
        cost.input()
            .add(new BigDecimal("0.012"))
            .add(new BigDecimal("0.02"))
            .compareTo(cost.total()));
  }

  @Test
  void extractor_addsUpWhatLeadsToOneKind() throws IOException {
    JsonNode response =
        Json.MAPPER.readTree(
            ("{'model':'m','usage':{'in':5,'read':3,'out':2,'details':{'thought':1},"
                    + "'parts':[{'of':'TEXT','n':9},7,{'of':'AUDIO','n':4}]}}")
                .replace('\'', '"'));
    UsageExtractor extractor = extractor();
    assertEquals(Optional.of("m"), extractor.model(response));
    assertEquals(
        Map.of(
            "input_tokens", 8L,
            "cache_read_tokens", 3L,
            "output_tokens", 2L,
            "output_reasoning_tokens", 1L,
            "input_audio_tokens", 4L),
        extractor.extract(response).orElseThrow().byName());
  }

  private UsageExtractor extractor() {
    return prices.catalog().orElseThrow().provider("a").orElseThrow().extractor("default").get();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'usage':null}",
        "{'usage':{'in':5}}",
        "{'usage':{'in':5,'out':null}}",
        "{'usage':{'in':5.5,'out':1}}",
        "{'usage':[5,1]}"
      })
  void extractor_withoutWhatIsRequired_isEmpty(String response) throws IOException {
    JsonNode json = Json.MAPPER.readTree(response.replace('\'', '"'));
    assertEquals(Optional.empty(), extractor().extract(json));
  }

  @Test
  void extractor_details_mayBeOfAnotherShape() throws IOException {
    String json = "{'usage':{'in':5,'out':1,'read':null,'details':3,'parts':{}}}";
    assertEquals(
        Map.of("input_tokens", 5L, "output_tokens", 1L),
        extractor().extract(Json.MAPPER.readTree(json.replace('\'', '"'))).get().byName());
  }

  @ParameterizedTest
  @CsvSource({
    "{'equals':'Gpt'}, gpt, gpt4",
    "{'starts_with':'GPT-'}, gpt-4, a-gpt-4",
    "{'ends_with':'Mini'}, gpt-mini, mini-gpt",
    "{'contains':'PT'}, gpt, gt",
    "{'regex':'^o[134]'}, o3-mini, oo3",
    "'{\"or\":[{\"equals\":\"a\"},{\"equals\":\"b\"}]}', b, c",
    "'{\"and\":[{\"contains\":\"a\"},{\"contains\":\"b\"}]}', ab, aa"
  })
  void rule_matchesWhatItSays(String rule, String yes, String no) throws IOException {
    JsonNode json = Json.MAPPER.readTree(rule.replace('\'', '"'));
    assertTrue(MatchRule.parse(json).test(yes));
    assertTrue(!MatchRule.parse(json).test(no));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{'id':'a','models':[{'match':{'sounds_like':'x'},'prices':{}}]}",
        "{'id':'a','models':[{'match':{'regex':'('},'prices':{}}]}",
        "{'id':'a','models':[{'match':{'equals':'x'},'prices':{'input_mtok':'free'}}]}",
        "{'id':'a','models':[{'match':{'equals':'x'},'prices':{'input_mtok':-1}}]}",
        "{'id':'a','models':[{'match':{'equals':'x'},'prices':[]}]}",
        "{'id':'a','models':[{'match':{'equals':'x'},'prices':[{'constraint':{'moon':'full'},"
            + "'prices':{'input_mtok':1}}]}]}",
        "{'models':[]}"
      })
  void read_faultyDocument_isRefused(String providers) {
    assertThrows(ChatException.InvalidPrices.class, () -> read(providers));
  }
}
