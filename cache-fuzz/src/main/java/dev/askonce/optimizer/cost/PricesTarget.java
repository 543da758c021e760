package dev.askonce.optimizer.cost;

import dev.askonce.fuzz.Target;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Usage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Documents of prices in both forms: refused as documented, or used on any usage. */
public final class PricesTarget implements Target {
  private static final List<Instant> TIMES =
      List.of(Instant.EPOCH, Instant.parse("2026-01-01T12:00:00Z"));
  private static final List<String> MODELS = List.of("", "m", "M-2025", "m@latest", "-", "m-é");
  private static final List<String> URLS = List.of("", "https://a.example/v1");

  private static final long MOST = Usage.TOKENS_MAX;
  private static final List<Usage> USAGES =
      List.of(
          Usage.NONE,
          Usage.of(1, 1),
          new Usage(100, 90, 80, 70, 60, 50, 40, 30, 1),
          new Usage(MOST, MOST, MOST, MOST, MOST, MOST, MOST, MOST, MOST),
          new Usage(300_000, 200_000, 50_000, 0, 0, 4_000, 3_000, 0, 2));

  @Override
  public void run(byte[] input) {
    Prices prices;
    try {
      prices = Prices.read(new ByteArrayInputStream(input));
    } catch (IOException | ChatException.InvalidPrices e) {
      return;
    }
    for (String url : URLS) {
      for (String model : MODELS) {
        TIMES.forEach(at -> prices.of(url, model, at).ifPresent(PricesTarget::requireUsable));
      }
    }
  }

  private static void requireUsable(Price price) {
    Target.require(price.input() >= 0 && price.output() >= 0, "a negative price");
    for (Usage usage : USAGES) {
      long cost = price.nanoDollars(usage);
      long batch = price.batch().nanoDollars(usage);
      Target.require(batch >= 0 && cost >= batch, "a batch costs more, or less than nothing");
    }
    Target.require(price.toString().startsWith("Price["), "a price without a text");
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        seed(
            "{'prices':[{'models':['m',''],'from':'2025-01-01','input':2500000000,"
                + "'cachedInput':1,'cacheWrite':3,'output':10}]}"),
        seed(
            "{'prices':[{'models':['m'],'from':'1970-01-01','input':5,'output':7,'batchPercent':40,"
                + "'cacheWriteHour':9,'reasoning':8,'inputAudio':6,'webSearches':4,'requests':2,"
                + "'longer':[{'thanTokens':128000,'input':10,'reasoning':1}]}]}"),
        seed(
            "[{'id':'p','api_pattern':'https://a','model_match':{'or':[{'contains':'m'},"
                + "{'regex':'^m'}]},'extractors':[{'root':'usage','api_flavor':'chat','mappings':"
                + "[{'path':'in','dest':'input_tokens'}]}],'models':[{'id':'m','match':{'starts_with'"
                + ":'m'},'prices':{'input_mtok':{'base':1.5,'tiers':[{'start':2,'price':3}]},"
                + "'output_mtok':2,'cache_read_mtok':1e-2,'requests_kcount':7}}]}]"),
        seed(
            "{'providers':[{'id':'p','api_pattern':'','fallback_model_providers':['q'],'models':[]},"
                + "{'id':'q','api_pattern':'z','models':[{'match':{'equals':'m'},'prices':["
                + "{'prices':{'input_mtok':1}},{'constraint':{'start_date':'2025-01-01'},"
                + "'prices':{'output_mtok':1}},{'constraint':{'start_time':'01:00:00Z',"
                + "'end_time':'13:00:00Z'},'prices':{'input_mtok':9}}]}]}]}"));
  }

  private static byte[] seed(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
