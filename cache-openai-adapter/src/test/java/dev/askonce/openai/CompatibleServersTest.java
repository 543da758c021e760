package dev.askonce.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import dev.askonce.engine.SemanticCache;
import dev.askonce.openai.Stack.Reply;
import dev.askonce.openai.standin.Dialect;
import dev.askonce.openai.standin.Fault;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.ledger.LedgerRow;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Azure and other servers of the API's shape, with what they add to it and leave out. */
@Timeout(60)
final class CompatibleServersTest {
  private static final ChatCompletionCreateParams QUESTION = Stack.ask("q").build();
  private static final ChatCompletionCreateParams COUNTED =
      Stack.ask("q")
          .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
          .build();

  @TempDir Path directory;
  private SemanticCache cache;
  private Pipeline pipeline;

  /** Sends what is meant for some host to the stand-in, and keeps how it was addressed. */
  private record Redirecting(HttpClient delegate, String baseUrl, List<HttpRequest> sent)
      implements HttpClient {
    private HttpRequest redirected(HttpRequest request) {
      sent.add(request);
      return request.toBuilder().baseUrl(baseUrl).build();
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
      return delegate.execute(redirected(request), options);
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(
        HttpRequest request, RequestOptions options) {
      return delegate.executeAsync(redirected(request), options);
    }

    @Override
    public void close() {
      delegate.close();
    }
  }

  @BeforeEach
  void open() {
    cache = SemanticCache.at(directory).embedder(new WordEmbedder()).entriesMax(1_000).open();
    pipeline = Pipeline.of(cache);
  }

  @AfterEach
  void close() {
    cache.close();
  }

  private static StandInServer server(Dialect dialect) {
    return StandInServer.builder().responder(Stack.numbered()).dialect(dialect).start();
  }

  private static OpenAIClient client(HttpClient http, Consumer<ClientOptions.Builder> options) {
    ClientOptions.Builder builder = ClientOptions.builder().httpClient(http).maxRetries(0);
    options.accept(builder);
    return new OpenAIClientImpl(builder.build());
  }

  private OpenAIClient over(StandInServer server) {
    return client(
        AskOnceHttpClient.builder(OkHttpClient.builder().build(), pipeline).tenant("acme").build(),
        options -> options.baseUrl(server.baseUrl()).apiKey("none"));
  }

  private static Reply send(OpenAIClient client, ChatCompletionCreateParams params) {
    return Reply.of(client.chat().completions().withRawResponse().create(params));
  }

  private static Reply stream(OpenAIClient client, ChatCompletionCreateParams params) {
    return Reply.of(client.chat().completions().withRawResponse().createStreaming(params));
  }

  private static ChatCompletion accumulated(
      OpenAIClient client, ChatCompletionCreateParams params) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(params)) {
      chunks.stream().forEach(accumulator::accumulate);
    }
    return accumulator.chatCompletion();
  }

  private static String content(ChatCompletion completion) {
    return completion.choices().getFirst().message().content().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void hit_isByteForByteWhatTheServerSaid(Dialect dialect) {
    try (StandInServer server = server(dialect)) {
      OpenAIClient client = over(server);
      Reply first = send(client, QUESTION);
      Reply second = send(client, QUESTION);
      assertFalse(first.isHit());
      assertTrue(second.isHit());
      assertEquals(first.body(), second.body());
      Reply streamed = stream(client, Stack.ask("s").build());
      Reply again = stream(client, Stack.ask("s").build());
      assertTrue(again.isHit());
      assertEquals(streamed.body(), again.body());
      assertEquals(2, server.chatCalls());
      client.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void streamedAnswer_answersTheOtherForm(Dialect dialect) {
    try (StandInServer server = server(dialect)) {
      OpenAIClient client = over(server);
      ChatCompletion streamed = accumulated(client, COUNTED);
      ChatCompletion hit = client.chat().completions().create(QUESTION);
      assertEquals(1, server.chatCalls());
      assertEquals("Answer number 1, in several chunks.", content(hit));
      assertEquals(content(streamed), content(hit));
      assertFalse(hit.id().isEmpty(), "Azure's first chunk has no id");
      assertFalse(hit.model().isEmpty(), "and no model");
      assertTrue(hit.created() > 0);
      assertEquals(
          streamed.usage().orElseThrow().promptTokens(), hit.usage().orElseThrow().promptTokens());
      assertEquals("stop", hit.choices().getFirst().finishReason().asString());
      client.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void wholeAnswer_answersTheOtherForm(Dialect dialect) {
    try (StandInServer server = server(dialect)) {
      OpenAIClient client = over(server);
      ChatCompletion first = client.chat().completions().create(QUESTION);
      ChatCompletion streamed = accumulated(client, COUNTED);
      assertEquals(1, server.chatCalls());
      assertEquals(content(first), content(streamed));
      assertEquals(first.id(), streamed.id());
      assertEquals(
          first.usage().orElseThrow().totalTokens(), streamed.usage().orElseThrow().totalTokens());
      client.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void errors_areThoseOfTheServer(Dialect dialect) {
    try (StandInServer server = server(dialect)) {
      OpenAIClient bare =
          client(
              OkHttpClient.builder().build(),
              options -> options.baseUrl(server.baseUrl()).apiKey("none"));
      OpenAIClient client = over(server);
      server.failAlways(Fault.RATE_LIMITED);
      for (boolean streaming : new boolean[] {false, true}) {
        OpenAIServiceException expected = refused(bare, streaming);
        OpenAIServiceException actual = refused(client, streaming);
        assertEquals(expected.getClass(), actual.getClass());
        assertEquals(expected.getMessage(), actual.getMessage());
        assertEquals(expected.body(), actual.body());
        assertEquals(expected.code(), actual.code());
      }
      bare.close();
      client.close();
    }
  }

  private static OpenAIServiceException refused(OpenAIClient client, boolean streaming) {
    return assertThrows(
        OpenAIServiceException.class,
        () -> {
          if (streaming) {
            client.chat().completions().createStreaming(QUESTION);
          } else {
            client.chat().completions().create(QUESTION);
          }
        });
  }

  @Test
  void thoughtsOfAModel_areKeptInBothForms() {
    try (StandInServer server = server(Dialect.VLLM)) {
      OpenAIClient client = over(server);
      assertTrue(send(client, QUESTION).body().contains("\"reasoning_content\":\"Let me see.\""));
      assertTrue(stream(client, QUESTION).body().contains("\"reasoning_content\":\"Let me see.\""));
      stream(client, Stack.ask("s").build());
      Reply hit = send(client, Stack.ask("s").build());
      assertTrue(hit.isHit());
      assertTrue(hit.body().contains("\"reasoning_content\":\"Let me see.\""), hit.body());
      client.close();
    }
  }

  @Test
  void fieldsOfAServersOwn_areSentOn_andCount() {
    try (StandInServer server = server(Dialect.VLLM)) {
      OpenAIClient client = over(server);
      for (String choice : List.of("yes", "no")) {
        ChatCompletionCreateParams guided =
            Stack.ask("q")
                .putAdditionalBodyProperty("guided_choice", JsonValue.from(List.of(choice)))
                .build();
        assertFalse(send(client, guided).isHit());
        assertTrue(send(client, guided).isHit());
      }
      client.close();
    }
  }

  @Test
  void streamWithoutUsage_isBookedAsAnEstimate() {
    try (StandInServer server = server(Dialect.OLLAMA)) {
      OpenAIClient client = over(server);
      stream(client, QUESTION);
      stream(client, COUNTED);
      LedgerRow total = pipeline.ledger().snapshot().total();
      assertEquals(1, server.chatCalls());
      assertEquals(2, total.estimatedCalls(), "the call and its hit");
      assertEquals(total.billed(), total.avoided());
      client.close();
    }
  }

  @Test
  void azure_isAddressedByDeploymentVersionAndKey() {
    try (StandInServer server = server(Dialect.AZURE)) {
      List<HttpRequest> sent = new CopyOnWriteArrayList<>();
      OpenAIClient legacy = azure(server, sent, AzureUrlPathMode.LEGACY, "");
      assertFalse(send(legacy, deployed("support")).isHit());
      assertTrue(send(legacy, deployed("support")).isHit());
      assertFalse(send(legacy, deployed("sales")).isHit(), "another deployment, another scope");
      HttpRequest first = sent.getFirst();
      assertEquals(
          List.of("openai", "deployments", "support", "chat", "completions"), first.pathSegments());
      assertEquals(List.of("2024-10-21"), first.queryParams().values("api-version"));
      assertEquals(List.of("secret"), first.headers().values("api-key"));
      assertEquals(2, server.chatCalls());
      LedgerRow books = pipeline.ledger().snapshot().total();
      assertEquals(0, books.unpricedCalls(), "the model that answered has a price");
      assertTrue(books.savedNanoDollars() > 0);

      OpenAIClient unified = azure(server, sent, AzureUrlPathMode.UNIFIED, "/openai/v1");
      assertFalse(send(unified, deployed("support")).isHit(), "another address");
      assertTrue(send(unified, deployed("support")).isHit());
      assertEquals(List.of("chat", "completions"), sent.getLast().pathSegments());
      legacy.close();
      unified.close();
    }
  }

  @Test
  void azureWithoutAVersion_isRefusedByAzure() {
    try (StandInServer server = server(Dialect.AZURE)) {
      HttpClient http =
          AskOnceHttpClient.builder(OkHttpClient.builder().build(), pipeline)
              .tenant("acme")
              .build();
      OpenAIClient client =
          client(
              http,
              options ->
                  options
                      .baseUrl(server.baseUrl().replace("/v1", "/openai/deployments/support"))
                      .apiKey("none"));
      OpenAIServiceException refused =
          assertThrows(OpenAIServiceException.class, () -> send(client, QUESTION));
      assertEquals(404, refused.statusCode());
      client.close();
    }
  }

  private OpenAIClient azure(
      StandInServer server, List<HttpRequest> sent, AzureUrlPathMode mode, String path) {
    Redirecting below =
        new Redirecting(OkHttpClient.builder().build(), server.baseUrl().replace("/v1", ""), sent);
    return client(
        AskOnceHttpClient.builder(below, pipeline).tenant("acme").build(),
        options ->
            options
                .baseUrl("https://acme.openai.azure.com" + path)
                .azureServiceVersion(AzureOpenAIServiceVersion.fromString("2024-10-21"))
                .azureUrlPathMode(mode)
                .credential(AzureApiKeyCredential.create("secret")));
  }

  private static ChatCompletionCreateParams deployed(String deployment) {
    return ChatCompletionCreateParams.builder().model(deployment).addUserMessage("q").build();
  }
}
