package dev.askonce.openai;

import static dev.askonce.openai.Stack.ask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIIoException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.engine.SemanticCache;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.route.RouteLever;
import dev.askonce.optimizer.route.RuleRouter;
import dev.askonce.optimizer.route.Tiers;
import dev.askonce.optimizer.send.FallbackLever;
import dev.askonce.optimizer.send.RetryPolicy;
import dev.askonce.optimizer.send.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routing, fallback and lifetimes as a user of the SDK meets them. */
final class LeversUnderTheSdkTest {
  private static final ChatCompletionCreateParams LOOKUP =
      ask("What is the refund policy?").build();

  private final Provider provider = new Provider();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  /** Answers a model with a status, or not at all, and keeps what was asked. */
  private static final class Provider implements HttpClient {
    final List<ChatRequest> requests = new ArrayList<>();
    Function<String, Integer> status = model -> 200;

    private record Response(int statusCode, Headers headers, InputStream body)
        implements HttpResponse {
      @Override
      public void close() {}
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
      ChatRequest asked = ChatRequest.parse(BytesBody.read(request.body()));
      requests.add(asked);
      int code = status.apply(asked.model());
      if (code == 0) {
        throw new OpenAIIoException("Request failed", new IOException("reset"));
      }
      String body = code == 200 ? Wire.completion("by " + asked.model()) : "{\"error\":{}}";
      return new Response(
          code,
          Headers.builder().put("content-type", "application/json").build(),
          new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(
        HttpRequest request, RequestOptions options) {
      return CompletableFuture.supplyAsync(() -> execute(request, options));
    }

    @Override
    public void close() {}
  }

  private OpenAIClient client(Pipeline pipeline) {
    return AskOnce.openAi(provider, pipeline, "acme", options -> options.apiKey("none"));
  }

  private static Ledger ledger() {
    return new Ledger(Prices.november2025(), new JtokkitCounter(), InstantSource.system());
  }

  private static FallbackLever fallback(Target... targets) {
    return FallbackLever.builder()
        .retries(RetryPolicy.DEFAULTS.attemptsMax(2))
        .targets(targets)
        .sleeper(time -> {})
        .build();
  }

  private static String text(ChatCompletion completion) {
    return completion.choices().getFirst().message().content().orElseThrow();
  }

  @Test
  void routedRequest_differsInItsModelAlone() {
    RouteLever lever =
        RouteLever.builder(RuleRouter.of(), Tiers.of("gpt-4o-mini", "gpt-4o")).build();
    OpenAIClient client = client(Pipeline.of(ledger(), lever));
    assertEquals("by gpt-4o-mini", text(client.chat().completions().create(LOOKUP)));
    ChatCompletionCreateParams forced =
        LOOKUP.toBuilder().putAdditionalHeader(AskOnceHttpClient.TIER_HEADER, "standard").build();
    assertEquals("by gpt-4o", text(client.chat().completions().create(forced)));
    assertEquals(
        provider.requests.get(1).json(),
        provider
            .requests
            .get(0)
            .with("model", provider.requests.get(1).json().get("model"))
            .json());
    assertEquals(1, lever.counts().of(Tier.BUDGET));
    client.close();
  }

  @Test
  void fallback_isTheOnlyLoopOfRetries() {
    provider.status = model -> 503;
    OpenAIClient client = client(Pipeline.of(ledger(), fallback()));
    assertThrows(InternalServerException.class, () -> client.chat().completions().create(LOOKUP));
    assertEquals(2, provider.requests.size());
    client.close();
  }

  @Test
  void fallback_isTheOnlyLoop_ofAClientThatWouldRetryToo() {
    provider.status = model -> 503;
    Pipeline pipeline = Pipeline.of(ledger(), fallback());
    OpenAIClient client =
        AskOnce.openAi(provider, pipeline, "acme", options -> options.apiKey("none").maxRetries(2));
    InternalServerException refused =
        assertThrows(
            InternalServerException.class, () -> client.chat().completions().create(LOOKUP));
    assertEquals(List.of("false"), refused.headers().values("x-should-retry"));
    assertEquals(2, provider.requests.size());
    assertThrows(
        InternalServerException.class,
        () -> client.chat().completions().createStreaming(LOOKUP).stream().count());
    assertEquals(4, provider.requests.size());
    client.close();
  }

  @Test
  void withoutFallback_theSdkTriesAgainAsEver() {
    provider.status = model -> provider.requests.size() < 2 ? 503 : 200;
    OpenAIClient client = client(Pipeline.of(ledger()));
    assertEquals("by gpt-4o", text(client.chat().completions().create(LOOKUP)));
    assertEquals(2, provider.requests.size());
    client.close();
  }

  @Test
  void fallback_answersForAModelThatIsDown_sync_andAsync() {
    provider.status = model -> model.equals("gpt-4o") ? 0 : 200;
    OpenAIClient client =
        client(Pipeline.of(ledger(), fallback(Target.of(TargetModel.of("gpt-4.1")))));
    assertEquals("by gpt-4.1", text(client.chat().completions().create(LOOKUP)));
    assertEquals("by gpt-4.1", text(client.async().chat().completions().create(LOOKUP).join()));
    provider.status = model -> 0;
    assertThrows(OpenAIIoException.class, () -> client.chat().completions().create(LOOKUP));
    client.close();
  }

  @Test
  void ttlHeader_isHowLongAnAnswerIsKept(@TempDir Path directory) {
    try (SemanticCache cache =
        SemanticCache.at(directory)
            .embedder(new WordEmbedder())
            .entriesMax(1_000)
            .clock(() -> now)
            .open()) {
      OpenAIClient client = client(Pipeline.of(ledger(), CacheLever.builder(cache).build()));
      assertEquals(1, callsFor(client, "a", "60"));
      assertEquals(0, callsFor(client, "a", "60"));
      now = now.plusSeconds(61);
      assertEquals(1, callsFor(client, "a", "60"));
      assertEquals(1, callsFor(client, "b", "0"), "neither asked nor kept");
      assertEquals(1, callsFor(client, "b", "0"));
      assertEquals(1, callsFor(client, "c", "999999999999999999"), "cut to what is allowed");
      assertEquals(0, callsFor(client, "c", "soon"), "no number is none");
      now = now.plusSeconds(1_000_000);
      assertEquals(0, callsFor(client, "c", "-1"));
      assertEquals(5, provider.requests.size());
      client.close();
    }
  }

  private int callsFor(OpenAIClient client, String text, String ttl) {
    int before = provider.requests.size();
    client
        .chat()
        .completions()
        .create(ask(text).putAdditionalHeader(AskOnceHttpClient.TTL_HEADER, ttl).build());
    return provider.requests.size() - before;
  }
}
