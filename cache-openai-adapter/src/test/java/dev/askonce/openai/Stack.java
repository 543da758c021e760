package dev.askonce.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.engine.SemanticCache;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** The whole of it: SDK client, adapter, pipeline, the real engine, and the stand-in API. */
final class Stack implements AutoCloseable {
  static final String TENANT_HEADER = "x-askonce-tenant";

  final WordEmbedder embedder = new WordEmbedder();
  final SemanticCache cache;
  final StandInServer server;
  final CacheLever lever;
  final Pipeline pipeline;
  final OpenAIClient client;

  Stack(Path directory) {
    this(directory, numbered(), options -> {});
  }

  Stack(
      Path directory,
      Function<ChatRequest, String> responder,
      Consumer<ClientOptions.Builder> options) {
    cache = SemanticCache.at(directory).embedder(embedder).entriesMax(1_000).open();
    server = StandInServer.start(responder);
    lever = CacheLever.builder(cache).build();
    pipeline =
        Pipeline.of(
            new Ledger(Prices.november2025(), new JtokkitCounter(), InstantSource.system()), lever);
    AskOnceHttpClient http =
        AskOnceHttpClient.builder(OkHttpClient.builder().build(), pipeline)
            .tenant(headers -> headers.values(TENANT_HEADER).stream().findFirst())
            .build();
    ClientOptions.Builder builder =
        ClientOptions.builder()
            .httpClient(http)
            .baseUrl(server.baseUrl())
            .apiKey("none")
            .maxRetries(0)
            .putHeader(TENANT_HEADER, "acme");
    options.accept(builder);
    client = new OpenAIClientImpl(builder.build());
  }

  /** {@return a client of the stand-in that sends by {@code http} and tries nothing again} */
  OpenAIClient client(HttpClient http) {
    return new OpenAIClientImpl(
        ClientOptions.builder()
            .httpClient(http)
            .baseUrl(server.baseUrl())
            .apiKey("none")
            .maxRetries(0)
            .build());
  }

  /** {@return a responder that never says the same twice} */
  static Function<ChatRequest, String> numbered() {
    AtomicInteger number = new AtomicInteger();
    return request -> "Answer number " + number.incrementAndGet() + ", in several chunks.";
  }

  static ChatCompletionCreateParams.Builder ask(String text) {
    return ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage(text);
  }

  /** {@return the body of the response to a request that does not stream} */
  Reply send(ChatCompletionCreateParams params) {
    return Reply.of(client.chat().completions().withRawResponse().create(params));
  }

  /** {@return the whole body of the response to a request that streams} */
  Reply stream(ChatCompletionCreateParams params) {
    return Reply.of(client.chat().completions().withRawResponse().createStreaming(params));
  }

  /** A response, read to its end. */
  record Reply(
      int status, String body, Optional<String> mark, String contentType, Optional<String> hitId) {
    static Reply of(HttpResponse response) {
      try (response) {
        return new Reply(
            response.statusCode(),
            new String(response.body().readAllBytes(), StandardCharsets.UTF_8),
            response.headers().values(AskOnceHttpClient.CACHE_HEADER).stream().findFirst(),
            response.headers().values("content-type").getFirst(),
            response.headers().values(CacheLever.HIT_HEADER).stream().findFirst());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    boolean isHit() {
      return mark.orElseThrow().equals("hit");
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
    cache.close();
  }
}
