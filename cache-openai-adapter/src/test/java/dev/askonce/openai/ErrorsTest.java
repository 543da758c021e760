package dev.askonce.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.Sleeper;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.engine.SemanticCache;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.Lever;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors and retries are the provider's and the SDK's, with AskOnce in between or without it. */
@Timeout(60)
final class ErrorsTest {
  private static final ChatCompletionCreateParams QUESTION = Stack.ask("q").build();
  private static final String ERROR =
      "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":\"p\",\"code\":\"c\"}}";
  private static final String FINE =
      "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\","
          + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"fine\","
          + "\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}]}";

  @TempDir Path directory;
  private SemanticCache cache;

  @BeforeEach
  void open() {
    cache = SemanticCache.at(directory).embedder(new WordEmbedder()).entriesMax(1_000).open();
  }

  @AfterEach
  void close() {
    cache.close();
  }

  private record Answer(int statusCode, Headers headers, InputStream body) implements HttpResponse {
    @Override
    public void close() {}
  }

  /** Answers the next request with the next of its answers, and the last for ever. */
  private static final class Provider implements HttpClient {
    final List<HttpRequest> requests = new ArrayList<>();
    private final Deque<Answer> answers = new ArrayDeque<>();

    Provider then(int status, Map<String, String> headers, String body) {
      Headers.Builder all = Headers.builder();
      headers.forEach(all::put);
      if (!headers.containsKey("content-type")) {
        all.put("content-type", "application/json");
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      answers.add(new Answer(status, all.build(), new ByteArrayInputStream(bytes)));
      return this;
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
      requests.add(request);
      Answer next = answers.size() > 1 ? answers.poll() : answers.peek();
      if (next == null) {
        throw new OpenAIIoException("Request failed", new IOException("refused"));
      }
      try {
        next.body.reset();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      return next;
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(
        HttpRequest request, RequestOptions options) {
      try {
        return CompletableFuture.completedFuture(execute(request, options));
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    @Override
    public void close() {}
  }

  /** Notes how long it was to sleep. */
  private static final class Noting implements Sleeper {
    final List<Duration> slept = new ArrayList<>();

    @Override
    public void sleep(Duration duration) {
      slept.add(duration);
    }

    @Override
    public CompletableFuture<Void> sleepAsync(Duration duration) {
      slept.add(duration);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
  }

  private final Noting sleeper = new Noting();

  private OpenAIClient client(HttpClient http, int retries) {
    return new OpenAIClientImpl(
        ClientOptions.builder()
            .httpClient(http)
            .baseUrl("http://api.invalid/v1")
            .apiKey("none")
            .sleeper(sleeper)
            .maxRetries(retries)
            .build());
  }

  private HttpClient over(HttpClient below, Lever... more) {
    List<Lever> levers = new ArrayList<>(List.of(more));
    levers.add(CacheLever.builder(cache).build());
    Pipeline pipeline = Pipeline.of(Pipeline.observe().ledger(), levers.toArray(Lever[]::new));
    return AskOnceHttpClient.builder(below, pipeline).tenant("acme").build();
  }

  /** The ways to ask. */
  private enum Way {
    WHOLE {
      @Override
      void ask(OpenAIClient client) {
        client.chat().completions().create(QUESTION);
      }
    },
    STREAMED {
      @Override
      void ask(OpenAIClient client) {
        try (StreamResponse<ChatCompletionChunk> chunks =
            client.chat().completions().createStreaming(QUESTION)) {
          chunks.stream().forEach(chunk -> {});
        }
      }
    },
    ASYNC {
      @Override
      void ask(OpenAIClient client) {
        join(client.async().chat().completions().create(QUESTION));
      }
    },
    ASYNC_STREAMED {
      @Override
      void ask(OpenAIClient client) {
        join(
            client
                .async()
                .chat()
                .completions()
                .createStreaming(QUESTION)
                .subscribe(chunk -> {})
                .onCompleteFuture());
      }
    };

    abstract void ask(OpenAIClient client);

    private static void join(CompletableFuture<?> future) {
      try {
        future.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof OpenAIException cause ? cause : e;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529})
  void status_becomesTheExceptionThatTheSdkMakesOfIt(int status) {
    Map<String, String> headers = Map.of("x-request-id", "req_7", "retry-after", "3");
    for (Way way : Way.values()) {
      Provider provider = new Provider().then(status, headers, ERROR);
      OpenAIServiceException expected =
          assertThrows(OpenAIServiceException.class, () -> way.ask(client(provider, 0)));
      OpenAIServiceException actual =
          assertThrows(OpenAIServiceException.class, () -> way.ask(client(over(provider), 0)));
      assertEquals(expected.getClass(), actual.getClass());
      assertEquals(expected.getMessage(), actual.getMessage());
      assertEquals(expected.statusCode(), actual.statusCode());
      assertEquals(expected.code(), actual.code());
      assertEquals(expected.body(), actual.body());
      assertEquals(expected.headers().values("x-request-id"), List.of("req_7"));
      assertEquals(List.of("3"), actual.headers().values("retry-after"));
      assertEquals(List.of(), actual.headers().values("x-should-retry"));
      assertEquals(2, provider.requests.size());
    }
  }

  @Test
  void retries_areTheSdks_asManyAndAsLong() {
    for (Way way : Way.values()) {
      for (Map<String, String> headers :
          List.of(
              Map.of("retry-after-ms", "1234"),
              Map.of("retry-after", "7"),
              Map.of("x-should-retry", "false"),
              Map.of("x-should-retry", "true", "retry-after-ms", "5"))) {
        for (int status : new int[] {400, 429, 503}) {
          Provider bare = new Provider().then(status, headers, ERROR);
          assertThrows(OpenAIServiceException.class, () -> way.ask(client(bare, 2)));
          List<Duration> expected = List.copyOf(sleeper.slept);
          sleeper.slept.clear();
          Provider below = new Provider().then(status, headers, ERROR);
          assertThrows(OpenAIServiceException.class, () -> way.ask(client(over(below), 2)));
          assertEquals(bare.requests.size(), below.requests.size(), way + " " + headers);
          assertEquals(expected, sleeper.slept);
          sleeper.slept.clear();
        }
      }
    }
  }

  @Test
  void brokenConnections_areRetriedByTheSdkAlone() {
    for (Way way : Way.values()) {
      Provider below = new Provider();
      assertThrows(OpenAIIoException.class, () -> way.ask(client(over(below), 2)));
      assertEquals(3, below.requests.size(), way.name());
    }
  }

  @Test
  void retriedCall_succeeds_isKept_andSaysItsCount() {
    Provider below = new Provider().then(503, Map.of(), ERROR).then(200, Map.of(), FINE);
    OpenAIClient client = client(over(below), 2);
    Way.WHOLE.ask(client);
    assertEquals(List.of("0"), below.requests.get(0).headers().values("x-stainless-retry-count"));
    assertEquals(List.of("1"), below.requests.get(1).headers().values("x-stainless-retry-count"));
    Way.STREAMED.ask(client);
    assertEquals(2, below.requests.size(), "a hit");
  }

  @Test
  void idempotencyKey_isSentOn() {
    Provider below = new Provider().then(200, Map.of(), FINE);
    client(over(below), 0)
        .chat()
        .completions()
        .create(Stack.ask("q").putAdditionalHeader("Idempotency-Key", "k-1").build());
    assertEquals(List.of("k-1"), below.requests.getFirst().headers().values("Idempotency-Key"));
  }

  @Test
  void errorInTheMiddleOfAStream_reachesTheReader_andIsNotKept() {
    String chunk =
        "data:"
            + " {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"so\"},\"finish_reason\":null}]}\n\n";
    Map<String, String> events = Map.of("content-type", "text/event-stream");
    Provider below = new Provider().then(200, events, chunk + "data: " + ERROR + "\n\n");
    for (int call = 1; call <= 2; call++) {
      assertThrows(SseException.class, () -> Way.STREAMED.ask(client(over(below), 0)));
      assertEquals(call, below.requests.size());
    }
  }

  @Test
  void errorOfALever_isTheProvidersKind_andIsNotRetried() {
    for (Way way : Way.values()) {
      RefusingLever lever = new RefusingLever(Map.of());
      Provider below = new Provider().then(200, Map.of(), FINE);
      RateLimitException refused =
          assertThrows(RateLimitException.class, () -> way.ask(client(over(below, lever), 2)));
      assertEquals(Optional.of("insufficient_quota"), refused.code());
      assertEquals(List.of("application/json"), refused.headers().values("content-type"));
      assertEquals(List.of("false"), refused.headers().values("x-should-retry"));
      assertEquals(1, lever.refused(), way.name());
      assertEquals(0, below.requests.size());
    }
  }

  @Test
  void leverThatWantsAnotherTry_getsIt() {
    RefusingLever lever = new RefusingLever(Map.of("x-should-retry", List.of("true")));
    OpenAIClient client = client(over(new Provider(), lever), 2);
    assertThrows(RateLimitException.class, () -> Way.WHOLE.ask(client));
    assertEquals(3, lever.refused());
    assertFalse(sleeper.slept.isEmpty());
  }

  @Test
  void providerInTrouble_isNoTroubleForWhatIsKnown() {
    Provider below = new Provider().then(200, Map.of(), FINE).then(503, Map.of(), ERROR);
    OpenAIClient client = client(over(below), 0);
    Way.WHOLE.ask(client);
    for (Way way : Way.values()) {
      way.ask(client);
    }
    assertEquals(1, below.requests.size());
    assertTrue(
        assertThrows(
                    OpenAIServiceException.class,
                    () -> client.chat().completions().create(Stack.ask("another").build()))
                .statusCode()
            == 503);
  }
}
