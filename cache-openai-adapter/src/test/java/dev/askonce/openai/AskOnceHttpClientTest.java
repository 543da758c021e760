package dev.askonce.openai;

import static dev.askonce.openai.Stack.ask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.ResponseFormatJsonObject;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.askonce.engine.HitId;
import dev.askonce.openai.Stack.Reply;
import dev.askonce.openai.standin.Fault;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.ledger.LedgerRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class AskOnceHttpClientTest {
  private static final String QUESTION =
      "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}";

  @TempDir Path directory;
  private Stack stack;

  @BeforeEach
  void open() {
    stack = new Stack(directory);
  }

  @AfterEach
  void close() {
    stack.close();
  }

  private static ChatCompletionCreateParams plain(String text) {
    return ask(text).build();
  }

  private static ChatCompletionCreateParams withUsage(String text) {
    return ask(text)
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
        .build();
  }

  @Test
  void hit_isByteIdentical() {
    Reply first = stack.send(plain("How do I pay my bill?"));
    Reply second = stack.send(plain("How do I pay my bill?"));
    assertFalse(first.isHit());
    assertTrue(second.isHit());
    assertEquals(first.body(), second.body());
    assertEquals(first.contentType(), second.contentType());
    assertEquals(1, stack.server.chatCalls());
    assertEquals(1, stack.embedder.calls(), "an exact repeat embeds nothing");
  }

  @Test
  void paraphraseInTheSameScope_hits() {
    Reply first = stack.send(plain("How do I pay my bill?"));
    Reply second = stack.send(plain("my bill: how do I pay?"));
    assertTrue(second.isHit());
    assertEquals(first.body(), second.body());
  }

  @Test
  void streamedHit_replaysEveryChunk() {
    Reply first = stack.stream(plain("q"));
    Reply second = stack.stream(plain("q"));
    assertTrue(second.isHit());
    assertEquals(first.body(), second.body());
    assertEquals(first.contentType(), second.contentType());
    assertTrue(first.body().split("\n\n").length > 5, first.body());
    assertTrue(first.body().endsWith("data: [DONE]\n\n"));
    assertEquals(1, stack.server.chatCalls());
  }

  @Test
  void eitherForm_answersTheOther() {
    stack.send(plain("whole"));
    assertEquals("Answer number 1, in several chunks.", streamed(withUsage("whole")));
    streamed(withUsage("streamed"));
    ChatCompletion completion = stack.client.chat().completions().create(plain("streamed"));
    assertEquals("Answer number 2, in several chunks.", content(completion));
    assertEquals("stop", completion.choices().get(0).finishReason().asString());
    assertTrue(completion.usage().orElseThrow().totalTokens() > 0);
    assertEquals(2, stack.server.chatCalls());
  }

  private static String content(ChatCompletion completion) {
    return completion.choices().get(0).message().content().orElseThrow();
  }

  /** {@return the content of a stream, read as the SDK reads it} */
  private String streamed(ChatCompletionCreateParams params) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        stack.client.chat().completions().createStreaming(params)) {
      chunks.stream().forEach(accumulator::accumulate);
    }
    assertTrue(accumulator.chatCompletion().usage().isPresent());
    return content(accumulator.chatCompletion());
  }

  @Test
  void typedCalls_syncAndAsync_shareEntries() {
    ChatCompletion first = stack.client.chat().completions().create(plain("q"));
    ChatCompletion second = stack.client.async().chat().completions().create(plain("q")).join();
    assertEquals(first, second);
    StringBuilder text = new StringBuilder();
    stack
        .client
        .async()
        .chat()
        .completions()
        .createStreaming(plain("q"))
        .subscribe(chunk -> chunk.choices().get(0).delta().content().ifPresent(text::append))
        .onCompleteFuture()
        .join();
    assertEquals(content(first), text.toString());
    assertEquals(1, stack.server.chatCalls());
  }

  @Test
  void otherScopes_neverShare() {
    // The API takes the JSON format only where a message has the word.
    String question = "q, as JSON";
    List<ChatCompletionCreateParams> requests =
        List.of(
            plain(question),
            ask(question).putAdditionalHeader(Stack.TENANT_HEADER, "other").build(),
            ask(question).model("gpt-4o-mini").build(),
            ask(question).temperature(0.3).build(),
            ask(question).responseFormat(ResponseFormatJsonObject.builder().build()).build(),
            ask(question).addTool(tool("look")).build(),
            ask(question).addTool(tool("write")).build(),
            ChatCompletionCreateParams.builder()
                .model("gpt-4o")
                .addSystemMessage("Be brief.")
                .addUserMessage(question)
                .build());
    for (ChatCompletionCreateParams request : requests) {
      assertFalse(stack.send(request).isHit(), request.toString());
    }
    for (ChatCompletionCreateParams request : requests) {
      assertTrue(stack.send(request).isHit(), request.toString());
    }
    assertEquals(requests.size(), stack.server.chatCalls());
  }

  private static ChatCompletionFunctionTool tool(String name) {
    return ChatCompletionFunctionTool.builder()
        .function(FunctionDefinition.builder().name(name).build())
        .build();
  }

  @ParameterizedTest
  @EnumSource(names = {"LENGTH", "CONTENT_FILTER", "REFUSAL", "TOOL_CALLS"})
  void answersThatAreNone_areNeverStored(Fault fault) {
    stack.server.failNext(fault, fault);
    stack.send(plain("q"));
    stack.stream(plain("q"));
    assertFalse(stack.send(plain("q")).isHit());
    assertEquals(3, stack.server.chatCalls());
  }

  @ParameterizedTest
  @EnumSource(names = {"RATE_LIMITED", "SERVER_ERROR"})
  void errors_reachTheCallerAndAreNeverStored(Fault fault) {
    stack.server.failNext(fault, fault);
    OpenAIServiceException whole =
        assertThrows(OpenAIServiceException.class, () -> stack.send(plain("q")));
    OpenAIServiceException streamed =
        assertThrows(OpenAIServiceException.class, () -> stack.stream(plain("q")));
    assertEquals(fault == Fault.RATE_LIMITED ? 429 : 500, whole.statusCode());
    assertEquals(whole.statusCode(), streamed.statusCode());
    assertFalse(stack.send(plain("q")).isHit());
  }

  @Test
  void brokenConnections_reachTheCallerAndAreNeverStored() {
    stack.server.failNext(Fault.CONNECTION_CUT, Fault.CONNECTION_CUT);
    assertThrows(OpenAIIoException.class, () -> stack.send(plain("q")));
    assertThrows(RuntimeException.class, () -> stack.stream(plain("q")));
    assertFalse(stack.stream(plain("q")).isHit());
  }

  @Test
  void truncatedStream_isPassedOnAndNeverStored() {
    stack.server.failNext(Fault.TRUNCATED_STREAM);
    assertFalse(stack.stream(plain("q")).body().contains("[DONE]"));
    assertFalse(stack.stream(plain("q")).isHit());
  }

  @Test
  void sdkRetries_reachTheModelAgain(@TempDir Path other) {
    try (Stack retrying = new Stack(other, request -> "fine", options -> options.maxRetries(2))) {
      retrying.server.failNext(Fault.RATE_LIMITED, Fault.RATE_LIMITED);
      assertEquals("fine", content(retrying.client.chat().completions().create(plain("q"))));
      assertEquals(3, retrying.server.chatCalls());
      assertTrue(retrying.send(plain("q")).isHit());
    }
  }

  @Test
  void streamClosedEarly_isNotStoredAndHoldsNobodyUp() {
    StreamResponse<ChatCompletionChunk> stream =
        stack.client.chat().completions().createStreaming(plain("q"));
    stream.stream().findFirst();
    stream.close();
    assertFalse(stack.stream(plain("q")).isHit());
    assertTrue(stack.stream(plain("q")).isHit());
  }

  @Test
  void requestThatTheApiRefuses_isRefusedByTheApi() {
    OpenAIServiceException refused =
        assertThrows(
            OpenAIServiceException.class,
            () ->
                stack.send(
                    ask("q").putAdditionalBodyProperty("no_such", JsonValue.from(1)).build()));
    assertEquals(400, refused.statusCode());
  }

  @Test
  void optOutAndMissingTenant_arePassedThrough() {
    ChatCompletionCreateParams optedOut =
        ask("q").putAdditionalHeader(AskOnceHttpClient.CACHE_HEADER, "off").build();
    ChatCompletionCreateParams nobodys =
        ask("q").putAdditionalHeader(Stack.TENANT_HEADER, "").build();
    for (ChatCompletionCreateParams request : List.of(optedOut, nobodys)) {
      assertEquals(Optional.of("bypass"), stack.send(request).mark());
      assertEquals(Optional.of("bypass"), stack.stream(request).mark());
    }
    assertEquals(Optional.of("miss"), stack.send(plain("r")).mark());
    assertEquals(Optional.of("miss"), stack.stream(plain("s")).mark());
    assertEquals(6, stack.server.chatCalls());
    assertEquals(2, stack.cache.stats().entries());
  }

  @Test
  void hit_canBeReportedAsWrong_byItsHeader() {
    assertTrue(stack.send(plain("q")).hitId().isEmpty());
    HitId id = HitId.parse(stack.send(plain("q")).hitId().orElseThrow());
    HitId ofStream = HitId.parse(stack.stream(plain("q")).hitId().orElseThrow());
    assertEquals(id.entry(), ofStream.entry());
    assertTrue(stack.cache.wrong(id));
    assertFalse(stack.send(plain("q")).isHit());
  }

  @Test
  void pipelineWithoutACache_bypassesIt() {
    AskOnceHttpClient http =
        AskOnceHttpClient.builder(new ScriptedHttpClient(call -> "{}"), Pipeline.observe())
            .tenant("acme")
            .build();
    HttpResponse response =
        http.execute(post(QUESTION, "chat", "completions"), RequestOptions.none());
    assertEquals(List.of("bypass"), response.headers().values(AskOnceHttpClient.CACHE_HEADER));
  }

  @Test
  void otherEndpoints_areUntouched() {
    EmbeddingCreateParams params =
        EmbeddingCreateParams.builder()
            .model("text-embedding-3-small")
            .input("one two")
            .dimensions(8)
            .build();
    for (int i = 0; i < 2; i++) {
      CreateEmbeddingResponse embeddings = stack.client.embeddings().create(params);
      assertEquals(8, embeddings.data().get(0).embedding().size());
    }
    assertEquals(2, stack.server.embeddingCalls());
    assertEquals(3, stack.client.models().list().data().size());
    assertTrue(stack.pipeline.ledger().snapshot().rows().isEmpty());
  }

  @Test
  void ownHeaders_areNeverSentOn() {
    ScriptedHttpClient below = new ScriptedHttpClient(call -> "{}");
    AskOnceHttpClient http =
        AskOnceHttpClient.builder(below, stack.pipeline).tenant("acme").build();
    for (HttpRequest plain :
        List.of(
            post("{}", "embeddings"),
            post("[", "chat", "completions"),
            post(QUESTION, "chat", "completions"))) {
      HttpRequest request =
          plain.toBuilder()
              .putHeader("X-AskOnce-Endpoint", "faq")
              .putHeader(AskOnceHttpClient.CACHE_HEADER, "off")
              .putHeader(Stack.TENANT_HEADER, "acme")
              .putHeader("accept", "application/json")
              .build();
      http.execute(request, RequestOptions.none()).close();
      http.executeAsync(request, RequestOptions.none()).join().close();
      http.connectWebSocket(request, RequestOptions.none(), 1, null);
    }
    assertEquals(9, below.requests.size());
    for (HttpRequest sent : below.requests) {
      assertEquals(Set.of("accept"), sent.headers().names());
    }
  }

  @Test
  void manyAtOnce_callTheModelOnce(@TempDir Path other) throws Exception {
    CountDownLatch modelIsDone = new CountDownLatch(1);
    try (Stack slow =
        new Stack(
            other,
            request -> {
              await(modelIsDone);
              return "slow";
            },
            options -> {})) {
      List<CompletableFuture<ChatCompletion>> calls = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        calls.add(slow.client.async().chat().completions().create(plain("q")));
      }
      modelIsDone.countDown();
      for (CompletableFuture<ChatCompletion> call : calls) {
        assertEquals("slow", content(call.get(20, TimeUnit.SECONDS)));
      }
      assertEquals(1, slow.server.chatCalls());
    }
  }

  @Test
  void follower_waitsNoLongerThanItsRequestMay() throws Exception {
    CountDownLatch modelIsDone = new CountDownLatch(1);
    ScriptedHttpClient below =
        new ScriptedHttpClient(
            call -> {
              if (call == 1) {
                await(modelIsDone);
              }
              return "{}";
            });
    AskOnceHttpClient http =
        AskOnceHttpClient.builder(below, stack.pipeline).tenant("acme").build();
    HttpRequest request = post(QUESTION, "chat", "completions");
    CompletableFuture<HttpResponse> leader = http.executeAsync(request, RequestOptions.none());
    while (below.requests.isEmpty()) {
      Thread.onSpinWait();
    }
    RequestOptions hasty =
        RequestOptions.builder()
            .timeout(com.openai.core.Timeout.builder().request(Duration.ofMillis(50)).build())
            .build();
    http.executeAsync(request, hasty).get(20, TimeUnit.SECONDS).close();
    assertFalse(leader.isDone());
    modelIsDone.countDown();
    leader.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void cancelledCall_isCancelledBelowAndHoldsNobodyUp() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
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
            called.countDown();
            return never;
          }

          @Override
          public void close() {}
        };
    AskOnceHttpClient http =
        AskOnceHttpClient.builder(stuck, stack.pipeline).tenant("acme").build();
    HttpRequest request = post(QUESTION, "chat", "completions");
    CompletableFuture<HttpResponse> call = http.executeAsync(request, RequestOptions.none());
    await(called);
    call.cancel(true);
    assertThrows(CancellationException.class, () -> never.get(20, TimeUnit.SECONDS));
    assertFalse(stack.send(plain("q")).isHit());
  }

  private HttpRequest post(String body, String... path) {
    return HttpRequest.builder()
        .method(HttpMethod.POST)
        .baseUrl(stack.server.baseUrl())
        .addPathSegments(path)
        .body(new BytesBody(body.getBytes(), "application/json"))
        .build();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void ledger_addsUpWithTheUsagesReported() {
    long billed = 0;
    for (String text : List.of("a", "b", "a", "c", "b", "a")) {
      ChatCompletion completion =
          stack
              .client
              .chat()
              .completions()
              .create(
                  ask(text).putAdditionalHeader(AskOnceHttpClient.ENDPOINT_HEADER, "faq").build());
      billed += completion.usage().orElseThrow().totalTokens();
    }
    LedgerRow total = stack.pipeline.ledger().snapshot().total();
    assertEquals(6, total.calls());
    assertEquals(
        billed,
        total.billed().input()
            + total.billed().output()
            + total.avoided().input()
            + total.avoided().output());
    assertEquals(total.billed(), total.avoided());
    assertEquals(total.costNanoDollars() * 2, total.baselineNanoDollars());
    assertEquals(
        List.of("provider faq", "cache faq"),
        stack.pipeline.ledger().snapshot().rows().stream()
            .map(row -> row.key().lever() + " " + row.key().endpoint())
            .toList());
    assertEquals(3, stack.lever.counts().hits());
  }

  @Test
  void closedCache_isPassedOver() {
    stack.cache.close();
    assertFalse(stack.send(plain("q")).isHit());
    assertFalse(stack.send(plain("q")).isHit());
    assertTrue(stack.lever.counts().passedOver() > 0);
  }
}
