package dev.askonce.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.OpenAIIoException;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.chat.ServiceTier;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.ledger.LedgerRow;
import dev.askonce.optimizer.ledger.LoggedCall;
import dev.askonce.optimizer.ledger.RequestLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes through is booked as the provider bills it. */
@Timeout(60)
final class MeteringTest {
  private static final ResponseCreateParams RESPONSE =
      ResponseCreateParams.builder()
          .model("gpt-4o")
          .instructions("Be brief.")
          .input("Say this is a test")
          .build();

  private final StandInServer server = StandInServer.start(Stack.numbered());
  private final Pipeline pipeline = Pipeline.observe();
  private final OpenAIClient client =
      new OpenAIClientImpl(
          ClientOptions.builder()
              .httpClient(over(OkHttpClient.builder().build()).endpoint("faq").build())
              .baseUrl(server.baseUrl())
              .apiKey("none")
              .maxRetries(0)
              .build());

  private AskOnceHttpClient.Builder over(HttpClient below) {
    return AskOnceHttpClient.builder(below, pipeline).tenant("acme");
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private LedgerRow booked() {
    return pipeline.ledger().snapshot().total();
  }

  private void assertBooked(long calls, long input, long output) {
    assertEquals(calls, booked().calls());
    assertEquals(0, booked().failures());
    assertEquals(0, booked().estimatedCalls());
    assertEquals(input, booked().billed().input());
    assertEquals(output, booked().billed().output());
  }

  @Test
  void response_isBookedByItsUsage() {
    Response response = client.responses().create(RESPONSE);
    ResponseUsage usage = response.usage().orElseThrow();
    assertBooked(1, usage.inputTokens(), usage.outputTokens());
    LedgerRow row = pipeline.ledger().snapshot().rows().getFirst();
    assertEquals(new LedgerRow.Key("faq", "acme", "gpt-4o", LedgerRow.PROVIDER), row.key());
    assertTrue(row.costNanoDollars() > 0);
    assertEquals(row.costNanoDollars(), row.baselineNanoDollars());
  }

  @Test
  void streamedResponse_isBookedByTheUsageOfItsLastEvent() {
    long input = 0;
    long output = 0;
    try (StreamResponse<ResponseStreamEvent> events =
        client.responses().createStreaming(RESPONSE)) {
      List<ResponseStreamEvent> all = events.stream().toList();
      ResponseUsage usage = all.getLast().asCompleted().response().usage().orElseThrow();
      input += usage.inputTokens();
      output += usage.outputTokens();
    }
    assertBooked(1, input, output);
    AsyncStreamResponse<ResponseStreamEvent> async =
        client.async().responses().createStreaming(RESPONSE);
    async.subscribe(event -> {}).onCompleteFuture().join();
    assertEquals(2, booked().calls());
    assertEquals(2 * input, booked().billed().input());
  }

  @Test
  void streamClosedEarly_isBookedByWhatItSaid() {
    try (StreamResponse<ResponseStreamEvent> events =
        client.responses().createStreaming(RESPONSE)) {
      assertTrue(events.stream().anyMatch(ResponseStreamEvent::isOutputTextDelta));
    }
    assertEquals(1, booked().calls());
    assertEquals(1, booked().estimatedCalls());
    assertTrue(booked().billed().input() >= 8, "instructions and input were counted");
    assertTrue(booked().billed().output() >= 1);
  }

  @Test
  void embeddings_areBooked_syncAndAsync() {
    EmbeddingCreateParams params =
        EmbeddingCreateParams.builder()
            .model("text-embedding-3-small")
            .inputOfArrayOfStrings(List.of("one two", "three"))
            .dimensions(8)
            .build();
    CreateEmbeddingResponse first = client.embeddings().create(params);
    assertEquals(first, client.async().embeddings().create(params).join());
    assertEquals(8, first.data().getFirst().embedding().size());
    assertBooked(2, 2 * first.usage().promptTokens(), 0);
    assertEquals(2, server.embeddingCalls(), "nothing is cached");
  }

  @Test
  void olderCompletions_areBooked_wholeAndStreamed() {
    CompletionCreateParams params =
        CompletionCreateParams.builder().model("gpt-3.5-turbo-instruct").prompt("Say").build();
    long input = client.completions().create(params).usage().orElseThrow().promptTokens();
    assertEquals(input, booked().billed().input());
    try (var chunks = client.completions().createStreaming(params)) {
      assertTrue(chunks.stream().count() > 1);
    }
    assertEquals(2, booked().calls());
    assertEquals(1, booked().estimatedCalls(), "a stream without usage");
    assertTrue(booked().billed().output() > 10, "both answers");
  }

  @Test
  void errors_areBookedAsFailures() {
    assertThrows(
        BadRequestException.class,
        () -> client.responses().create(ResponseCreateParams.builder().model("gpt-4o").build()));
    server.close();
    assertThrows(OpenAIIoException.class, () -> client.responses().create(RESPONSE));
    assertThrows(Exception.class, () -> client.async().responses().create(RESPONSE).join());
    assertEquals(3, booked().calls());
    assertEquals(3, booked().failures());
    assertEquals(0, booked().costNanoDollars());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\"}",
        "{\"model\":\"m\",\"usage\":null}",
        "{\"usage\":7,\"model\":\"m\",\"data\":[{\"usage\":{\"prompt_tokens\":9}}]}",
        "{\"model\":",
        "[]",
        ""
      })
  void replyWithoutUsage_isBookedByTheTextsOfItsRequest(String reply) {
    ScriptedHttpClient below = new ScriptedHttpClient(call -> reply);
    HttpRequest request =
        embeddings("{\"model\":\"m\",\"input\":[\"one two three\",\"four five six\"]}");
    try (HttpResponse response = over(below).build().execute(request, RequestOptions.none())) {
      assertEquals(reply, new String(response.body().readAllBytes()));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertEquals(1, booked().calls());
    assertEquals(1, booked().estimatedCalls());
    assertTrue(booked().billed().input() >= 6 && booked().billed().input() < 20);
  }

  @Test
  void replyReadByteByByte_isBooked() throws Exception {
    String reply =
        "{\"data\":[{\"usage\":{\"prompt_tokens\":1}}],\"model\":\"gpt-4o-x\","
            + "\"usage\":{\"input_tokens\":12,\"input_tokens_details\":{\"cached_tokens\":5},"
            + "\"output_tokens\":7,\"output_tokens_details\":{\"reasoning_tokens\":2}}}";
    ScriptedHttpClient below = new ScriptedHttpClient(call -> reply);
    HttpResponse response =
        over(below).build().execute(embeddings("{\"model\":\"m\"}"), RequestOptions.none());
    StringBuilder read = new StringBuilder();
    for (int b = response.body().read(); b >= 0; b = response.body().read()) {
      read.append((char) b);
    }
    assertEquals(reply, read.toString());
    response.close();
    response.close();
    assertBooked(1, 12, 7);
    assertEquals(5, booked().billed().cachedInput());
    assertEquals(2, booked().billed().reasoning());
    assertEquals("gpt-4o-x", pipeline.ledger().snapshot().rows().getFirst().key().model());
  }

  @Test
  void cancelledCall_isCancelledBelow() {
    CompletableFuture<HttpResponse> never = new CompletableFuture<>();
    HttpClient stuck =
        new HttpClient() {
          @Override
          public HttpResponse execute(HttpRequest request, RequestOptions options) {
            throw new IllegalStateException("the call is asynchronous");
          }

          @Override
          public CompletableFuture<HttpResponse> executeAsync(
              HttpRequest request, RequestOptions options) {
            return never;
          }

          @Override
          public void close() {}
        };
    CompletableFuture<HttpResponse> call =
        over(stuck).build().executeAsync(embeddings("{}"), RequestOptions.none());
    call.cancel(true);
    assertThrows(CancellationException.class, () -> never.get(20, TimeUnit.SECONDS));
    assertEquals(1, booked().failures());
  }

  @Test
  void callsThatPassThrough_areInTheRequestLog(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("calls.jsonl");
    try (RequestLog log = RequestLog.at(file).open()) {
      ScriptedHttpClient below =
          new ScriptedHttpClient(
              call ->
                  "{\"model\":\"text-embedding-3-small\",\"service_tier\":\"flex\","
                      + "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}");
      AskOnceHttpClient http =
          AskOnceHttpClient.builder(below, Pipeline.observe(pipeline.ledger(), log))
              .tenant("acme")
              .endpoint("search")
              .build();
      RequestOptions none = RequestOptions.none();
      try (HttpResponse response =
          http.execute(embeddings("{\"model\":\"m\",\"input\":\"a\"}"), none)) {
        response.body().readAllBytes();
      }
      http.executeAsync(posted("moderations"), none).get().close();
      http.execute(posted("images", "generations"), none).close();
      HttpRequest question = posted("models").toBuilder().method(HttpMethod.GET).build();
      http.execute(question, none).close();
    }
    List<LoggedCall> calls = Files.readAllLines(file).stream().map(LoggedCall::parse).toList();
    assertEquals(
        List.of("embeddings", "moderations", "images/generations"),
        calls.stream().map(call -> call.api().orElseThrow()).toList());
    LoggedCall first = calls.getFirst();
    assertEquals("search", first.endpoint());
    assertEquals("a", first.request().path("input").asText());
    assertEquals(Optional.of(Usage.of(7, 0)), first.usage());
    assertEquals(ServiceTier.of("flex"), first.serviceTier());
    assertEquals(200, calls.get(1).status());
    assertEquals("{}", calls.get(2).request().toString());
  }

  private static HttpRequest posted(String... path) {
    HttpRequest.Builder request =
        HttpRequest.builder().method(HttpMethod.POST).baseUrl("http://api.invalid/v1");
    List.of(path).forEach(request::addPathSegment);
    return request.body(new BytesBody("{}".getBytes(), "application/json")).build();
  }

  @Test
  void switchedOff_nothingIsBooked() {
    ScriptedHttpClient below = new ScriptedHttpClient(call -> "{}");
    HttpRequest request = embeddings("{\"model\":\"m\",\"input\":\"a\"}");
    over(below).booksAll(false).build().execute(request, RequestOptions.none()).close();
    assertEquals(0, booked().calls());
  }

  private static HttpRequest embeddings(String body) {
    return HttpRequest.builder()
        .method(HttpMethod.POST)
        .baseUrl("http://api.invalid/v1")
        .addPathSegment("embeddings")
        .body(new BytesBody(body.getBytes(), "application/json"))
        .build();
  }
}
