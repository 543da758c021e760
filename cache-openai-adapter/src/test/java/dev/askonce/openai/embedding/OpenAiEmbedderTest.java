package dev.askonce.openai.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.RateLimitException;
import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.openai.standin.Dialect;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class OpenAiEmbedderTest {
  private static final String SMALL = "text-embedding-3-small";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  private StandInServer server(Dialect dialect) {
    StandInServer server = StandInServer.builder().dialect(dialect).start();
    opened.add(server);
    return server;
  }

  private OpenAIClient client(HttpClient http, String url, int retries) {
    OpenAIClient client =
        new OpenAIClientImpl(
            ClientOptions.builder()
                .httpClient(http)
                .baseUrl(url)
                .apiKey("none")
                .sleeper(new NoSleep())
                .maxRetries(retries)
                .build());
    opened.add(client::close);
    return client;
  }

  private OpenAIClient client(StandInServer server) {
    return client(OkHttpClient.builder().build(), server.baseUrl(), 0);
  }

  /** Retries without waiting. */
  private static final class NoSleep implements com.openai.core.Sleeper {
    @Override
    public void sleep(Duration duration) {}

    @Override
    public CompletableFuture<Void> sleepAsync(Duration duration) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
  }

  /** Answers each request with what a function makes of its JSON. */
  private static final class Scripted implements HttpClient {
    final List<JsonNode> requests = new ArrayList<>();
    private final Function<JsonNode, Reply> script;

    record Reply(int statusCode, String json) implements HttpResponse {
      @Override
      public Headers headers() {
        return Headers.builder().put("content-type", "application/json").build();
      }

      @Override
      public InputStream body() {
        return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
      }

      @Override
      public void close() {}
    }

    Scripted(Function<JsonNode, Reply> script) {
      this.script = script;
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      request.body().writeTo(body);
      try {
        requests.add(Json.MAPPER.readTree(body.toByteArray()));
      } catch (java.io.IOException e) {
        throw new IllegalStateException(e);
      }
      return script.apply(requests.getLast());
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(
        HttpRequest request, RequestOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  /** {@return a vector (1, 0) for each input, in the reverse order, with the right indexes} */
  private static Scripted.Reply reversed(JsonNode request) {
    int count = request.path("input").isArray() ? request.path("input").size() : 1;
    String data =
        IntStream.range(0, count)
            .mapToObj(
                i -> {
                  int index = count - 1 - i;
                  return "{\"object\":\"embedding\",\"index\":%d,\"embedding\":[%d,1]}"
                      .formatted(index, index);
                })
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    return ok("[" + data + "]");
  }

  private static Scripted.Reply ok(String data) {
    return new Scripted.Reply(
        200,
        "{\"object\":\"list\",\"model\":\"m-1\",\"data\":"
            + data
            + ",\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}");
  }

  private OpenAiEmbedder scripted(Scripted http) {
    return OpenAiEmbedder.builder(client(http, "http://none.invalid/v1", 0), "m")
        .modelDimensions(2)
        .build();
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
    }
    return dot;
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void vectors_areOfUnitLength_whateverTheEncoding(Dialect dialect) throws TimeoutException {
    OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(client(server(dialect)), SMALL).dimensions(64).build();
    Embedding one = embedder.embed("how do I pay my bill", LONG);
    Embedding same = embedder.embed("my bill, how do I pay", LONG);
    Embedding other = embedder.embed("where is the station", LONG);
    assertEquals(64, one.vector().length);
    assertEquals(1, cosine(one.vector(), one.vector()), 1e-5);
    assertEquals(1, cosine(one.vector(), same.vector()), 1e-5);
    assertTrue(cosine(one.vector(), other.vector()) < 0.9);
    assertFalse(one.truncated());
  }

  @Test
  void manyTexts_areOneRequest_andInTheirOrder() throws TimeoutException {
    StandInServer server = server(Dialect.OPENAI);
    OpenAiEmbedder embedder = OpenAiEmbedder.builder(client(server), SMALL).dimensions(8).build();
    List<String> texts = List.of("one", "two", "", "one");
    List<Embedding> all = embedder.embedAll(texts, LONG);
    assertEquals(1, server.embeddingCalls());
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(embedder.embed(texts.get(i), LONG).vector(), all.get(i).vector(), 1e-6f);
    }
    assertEquals(List.of(), embedder.embedAll(List.of(), LONG));
  }

  @Test
  void reply_isPutInOrderByIndex_andMadeUnitLength() throws TimeoutException {
    List<Embedding> all =
        scripted(new Scripted(OpenAiEmbedderTest::reversed)).embedAll(List.of("a", "b", "c"), LONG);
    for (int i = 0; i < 3; i++) {
      assertEquals(i / Math.sqrt(i * i + 1), all.get(i).vector()[0], 1e-6);
    }
  }

  @Test
  void request_saysModelEncodingAndDimensions() throws TimeoutException {
    Scripted http = new Scripted(OpenAiEmbedderTest::reversed);
    OpenAIClient client = client(http, "http://none.invalid/v1", 0);
    OpenAiEmbedder.builder(client, SMALL).dimensions(2).build().embed("a", LONG);
    OpenAiEmbedder.builder(client, "m").modelDimensions(2).build().embed("", LONG);
    JsonNode asked = http.requests.getFirst();
    assertEquals(SMALL, asked.path("model").asText());
    assertEquals("base64", asked.path("encoding_format").asText());
    assertEquals(2, asked.path("dimensions").asInt());
    assertEquals("a", asked.path("input").asText());
    assertFalse(http.requests.getLast().has("dimensions"), "only what was asked for is sent");
    assertEquals(" ", http.requests.getLast().path("input").asText(), "the API refuses none");
  }

  @Test
  void requests_keepTheLimitsOfTheApi() throws TimeoutException {
    Scripted http = new Scripted(OpenAiEmbedderTest::reversed);
    OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(client(http, "http://none.invalid/v1", 0), "m")
            .modelDimensions(2)
            .inputsMax(3)
            .requestTokensMax(10)
            .build();
    List<String> texts = new ArrayList<>();
    Stream.generate(() -> "one").limit(7).forEach(texts::add);
    texts.add("word ".repeat(9).strip());
    texts.add("word word");
    texts.add("word ".repeat(30).strip());
    texts.add("last");
    assertEquals(texts.size(), embedder.embedAll(texts, LONG).size());
    assertEquals(
        List.of(3, 3, 2, 1, 1, 1),
        http.requests.stream()
            .map(request -> Math.max(1, request.path("input").size()))
            .toList()
            .subList(0, 6));
    for (JsonNode request : http.requests) {
      long tokens = 0;
      for (JsonNode text : request.path("input")) {
        tokens += new JtokkitCounter().count("m", text.asText());
      }
      assertTrue(request.path("input").size() <= 3 && tokens <= 10, request.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"word ", "naïve ", "日本語", "😀", "              ", "aaaaaaaa"})
  void longText_isCutToItsTokens_andSaysSo(String piece) throws TimeoutException {
    Scripted http = new Scripted(OpenAiEmbedderTest::reversed);
    OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(client(http, "http://none.invalid/v1", 0), SMALL)
            .dimensions(2)
            .tokensMax(50)
            .build();
    String text = piece.repeat(3_000);
    assertTrue(embedder.embed(text, LONG).truncated());
    String sent = http.requests.getFirst().path("input").asText();
    assertTrue(text.startsWith(sent), "a beginning, and no pair is split");
    long tokens = new JtokkitCounter().count(SMALL, sent);
    assertTrue(tokens <= 50 && tokens >= 47, tokens + " tokens");
  }

  @Test
  void textOfTheLimit_isWhole() throws TimeoutException {
    OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(
                client(new Scripted(OpenAiEmbedderTest::reversed), "http://none.invalid/v1", 0),
                SMALL)
            .dimensions(2)
            .tokensMax(50)
            .build();
    String text = "word" + " word".repeat(49);
    assertEquals(50, new JtokkitCounter().count(SMALL, text));
    assertFalse(embedder.embed(text, LONG).truncated());
    assertTrue(embedder.embed(text + " word", LONG).truncated());
  }

  @Test
  void halfAPair_isReplaced_andSaidToBeUnseen() throws TimeoutException {
    Scripted http = new Scripted(OpenAiEmbedderTest::reversed);
    OpenAiEmbedder embedder = scripted(http);
    assertTrue(embedder.embed("a\uD83Db", LONG).truncated());
    assertTrue(embedder.embed("ab\uDE00", LONG).truncated());
    assertFalse(embedder.embed("a\uD83D\uDE00b", LONG).truncated());
    assertEquals(
        List.of("a\uFFFDb", "ab\uFFFD", "a\uD83D\uDE00b"),
        http.requests.stream().map(request -> request.path("input").asText()).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[{\"object\":\"embedding\",\"index\":1,\"embedding\":[1,0]}]",
        "[{\"object\":\"embedding\",\"index\":0,\"embedding\":[1,0,0]}]",
        "[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0,0]}]",
        "[{\"object\":\"embedding\",\"index\":0,\"embedding\":\"AACAPw==\"}]",
        "[{\"object\":\"embedding\",\"index\":0,\"embedding\":\"AADAfwAAwH8=\"}]",
        "[{\"object\":\"embedding\",\"index\":0,\"embedding\":\"?\"}]",
        "[{\"object\":\"embedding\",\"index\":0,\"embedding\":[1,0]},"
            + "{\"object\":\"embedding\",\"index\":0,\"embedding\":[1,0]}]"
      })
  void replyWithoutAVectorForEachText_isAnError(String data) {
    OpenAiEmbedder embedder = scripted(new Scripted(request -> ok(data)));
    assertThrows(OpenAIInvalidDataException.class, () -> embedder.embed("a", LONG));
  }

  @Test
  void usage_isReported_andAnObserverThatThrowsIsPassedOver() throws TimeoutException {
    List<String> seen = new ArrayList<>();
    Scripted http = new Scripted(OpenAiEmbedderTest::reversed);
    OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(client(http, "http://none.invalid/v1", 0), "m")
            .modelDimensions(2)
            .onUsage(
                (model, usage) -> {
                  seen.add(model + usage);
                  throw new IllegalStateException("observer");
                })
            .build();
    embedder.embed("a", LONG);
    assertEquals(List.of("m-1" + Usage.of(7, 0)), seen);
  }

  @Test
  void errors_areRetriedByTheClientAlone() throws TimeoutException {
    Scripted refusing =
        new Scripted(request -> new Scripted.Reply(429, "{\"error\":{\"message\":\"slow\"}}"));
    OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(client(refusing, "http://none.invalid/v1", 2), SMALL).build();
    assertThrows(RateLimitException.class, () -> embedder.embed("a", LONG));
    assertEquals(3, refusing.requests.size());
  }

  /** Never answers, and says when its thread is interrupted. */
  private static final class Stuck implements HttpClient {
    final CountDownLatch called = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
      called.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
      throw new IllegalStateException("interrupted");
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(
        HttpRequest request, RequestOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  @Test
  void lateReply_isATimeout_andItsCallIsCancelled() throws Exception {
    Stuck stuck = new Stuck();
    OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(client(stuck, "http://none.invalid/v1", 2), SMALL).build();
    assertThrows(TimeoutException.class, () -> embedder.embed("a", Duration.ofMillis(20)));
    assertTrue(stuck.interrupted.await(20, TimeUnit.SECONDS));
    assertThrows(TimeoutException.class, () -> embedder.embed("a", Duration.ZERO));
    assertThrows(TimeoutException.class, () -> embedder.embed("a", Duration.ofSeconds(-1)));
  }

  @Test
  void interrupt_cancelsTheCall_andStaysSet() throws Exception {
    Stuck stuck = new Stuck();
    OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(client(stuck, "http://none.invalid/v1", 0), SMALL).build();
    CompletableFuture<Boolean> stays = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  assertThrows(
                      CancellationException.class,
                      () -> embedder.embed("a", Duration.ofSeconds(Long.MAX_VALUE)));
                  stays.complete(Thread.currentThread().isInterrupted());
                });
    assertTrue(stuck.called.await(20, TimeUnit.SECONDS));
    caller.interrupt();
    assertTrue(stays.get(20, TimeUnit.SECONDS));
    assertTrue(stuck.interrupted.await(20, TimeUnit.SECONDS));
  }

  @Test
  void fingerprint_tellsProviderModelAndDimensionsApart() {
    OpenAIClient client = client(new Stuck(), "http://none.invalid/v1", 0);
    List<OpenAiEmbedder> all =
        List.of(
            OpenAiEmbedder.builder(client, SMALL).build(),
            OpenAiEmbedder.builder(client, SMALL).dimensions(512).build(),
            OpenAiEmbedder.builder(client, SMALL).provider("azure").build(),
            OpenAiEmbedder.builder(client, SMALL).tokensMax(512).build(),
            OpenAiEmbedder.builder(client, "text-embedding-ada-002").build(),
            OpenAiEmbedder.builder(client, "text-embedding-3-large").build());
    assertEquals(all.size(), all.stream().map(OpenAiEmbedder::fingerprint).distinct().count());
    assertEquals(
        List.of(1536, 512, 1536, 1536, 1536, 3072),
        all.stream().map(OpenAiEmbedder::dimension).toList());
  }

  @Test
  void builder_isCopied() {
    OpenAiEmbedderBuilder builder =
        OpenAiEmbedder.builder(client(new Stuck(), "http://none.invalid/v1", 0), SMALL);
    OpenAiEmbedder first = builder.build();
    String before = first.fingerprint();
    OpenAiEmbedder second = builder.dimensions(8).provider("other").build();
    assertEquals(before, first.fingerprint());
    assertNotEquals(before, second.fingerprint());
  }

  @Test
  void settingsThatCannotBe_areRefused() {
    OpenAIClient client = client(new Stuck(), "http://none.invalid/v1", 0);
    List<OpenAiEmbedderBuilder> faulty =
        List.of(
            OpenAiEmbedder.builder(client, "my-deployment"),
            OpenAiEmbedder.builder(client, SMALL).dimensions(1537),
            OpenAiEmbedder.builder(client, "text-embedding-ada-002").dimensions(512));
    for (OpenAiEmbedderBuilder builder : faulty) {
      assertThrows(ChatException.InvalidSetting.class, builder::build);
    }
    OpenAiEmbedderBuilder builder = OpenAiEmbedder.builder(client, SMALL);
    for (Runnable setter :
        List.<Runnable>of(
            () -> builder.dimensions(0),
            () -> builder.modelDimensions(-1),
            () -> builder.tokensMax(0),
            () -> builder.inputsMax(0),
            () -> builder.requestTokensMax(0),
            () -> builder.provider(" "),
            () -> OpenAiEmbedder.builder(client, ""))) {
      assertThrows(ChatException.InvalidSetting.class, setter::run);
    }
  }

  @Test
  void cache_takesIt(@TempDir Path directory) {
    StandInServer server = server(Dialect.OPENAI);
    OpenAiEmbedder embedder = OpenAiEmbedder.builder(client(server), SMALL).dimensions(64).build();
    try (SemanticCache cache =
        SemanticCache.at(directory).embedder(embedder).embedTimeout(LONG).entriesMax(100).open()) {
      Scope scope = Scope.tenant("acme");
      Answer first = cache.getOrLoad(scope, "How do I pay my bill?", () -> Answer.text("so"));
      Answer second = cache.getOrLoad(scope, "my bill: how do I pay?", () -> Answer.text("no"));
      assertEquals("so", first.text());
      assertEquals("so", second.text());
      assertEquals(2, server.embeddingCalls());
    }
  }
}
