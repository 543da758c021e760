package dev.askonce.openai;

import static dev.askonce.openai.Stack.ask;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.askonce.openai.RecordingHttpClient.Exchange;
import dev.askonce.openai.embedding.OpenAiEmbedder;
import dev.askonce.openai.standin.Fault;
import dev.askonce.optimizer.Pipeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Everything that is said has the published shape: by the SDK, by the stand-in, by levers that
 * answer or refuse themselves, and by the cache, whose converted replies no provider has ever sent.
 */
final class ContractTest {
  @TempDir Path directory;
  private final RefusingLever refusing = new RefusingLever(Map.of()).on(false);
  private Stack stack;
  private RecordingHttpClient above;
  private RecordingHttpClient below;
  private OpenAIClient client;

  @BeforeEach
  void open() {
    stack = new Stack(directory);
    below = new RecordingHttpClient(OkHttpClient.builder().build());
    Pipeline pipeline = Pipeline.of(stack.pipeline.ledger(), stack.lever, refusing);
    above =
        new RecordingHttpClient(AskOnceHttpClient.builder(below, pipeline).tenant("acme").build());
    client = stack.client(above);
  }

  @AfterEach
  void close() {
    client.close();
    stack.close();
  }

  private List<Exchange> traffic() {
    ChatCompletionStreamOptions usage =
        ChatCompletionStreamOptions.builder().includeUsage(true).build();
    for (String text : List.of("whole", "streamed", "streamed with usage")) {
      ChatCompletionCreateParams plain = ask(text).temperature(0.2).build();
      ChatCompletionCreateParams counted = plain.toBuilder().streamOptions(usage).build();
      if (text.equals("whole")) {
        client.chat().completions().create(plain);
      }
      stream(text.equals("streamed with usage") ? counted : plain);
      stream(plain);
      stream(counted);
      client.chat().completions().create(plain);
    }
    for (Fault fault :
        List.of(Fault.LENGTH, Fault.CONTENT_FILTER, Fault.REFUSAL, Fault.TOOL_CALLS)) {
      stack.server.failNext(fault, fault);
      client.chat().completions().create(ask("odd").build());
      stream(ask("odd").build());
    }
    stack.server.failNext(Fault.RATE_LIMITED, Fault.SERVER_ERROR);
    refused(ask("refused"));
    refused(ask("refused"));
    refused(ask("refused").putAdditionalBodyProperty("no_such", JsonValue.from(1)));
    for (EmbeddingCreateParams.EncodingFormat format :
        List.of(
            EmbeddingCreateParams.EncodingFormat.FLOAT,
            EmbeddingCreateParams.EncodingFormat.BASE64)) {
      client
          .embeddings()
          .create(
              EmbeddingCreateParams.builder()
                  .model("text-embedding-3-small")
                  .inputOfArrayOfStrings(List.of("one", "two"))
                  .dimensions(8)
                  .encodingFormat(format)
                  .build());
    }
    client.models().list();
    embed("one", "", "two");
    ResponseCreateParams response =
        ResponseCreateParams.builder().model("gpt-4o").input("Say this is a test").build();
    client.responses().create(response);
    try (StreamResponse<ResponseStreamEvent> events =
        client.responses().createStreaming(response)) {
      assertTrue(events.stream().count() > 5);
    }
    client.completions().create(CompletionCreateParams.builder().model("m").prompt("Say").build());
    refusing.on(true);
    refused(ask("refused by a lever"));
    assertThrows(OpenAIServiceException.class, () -> stream(ask("refused by a lever").build()));
    refusing.on(false);
    List<Exchange> all = new ArrayList<>(below.exchanges());
    all.addAll(above.exchanges());
    assertTrue(below.exchanges().size() < above.exchanges().size(), "some were hits");
    return all;
  }

  private void stream(ChatCompletionCreateParams params) {
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(params)) {
      assertTrue(chunks.stream().count() > 1);
    }
  }

  private void embed(String... texts) {
    OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(client, "text-embedding-3-small").dimensions(8).build();
    try {
      assertEquals(texts.length, embedder.embedAll(List.of(texts), Duration.ofMinutes(1)).size());
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private void refused(ChatCompletionCreateParams.Builder params) {
    assertThrows(
        OpenAIServiceException.class, () -> client.chat().completions().create(params.build()));
  }

  @TestFactory
  Stream<DynamicTest> traffic_hasThePublishedShapes() {
    return PublishedApi.sources()
        .map(source -> DynamicTest.dynamicTest(source.name(), () -> check(source.read())));
  }

  private void check(PublishedApi api) throws IOException {
    int checked = 0;
    for (Exchange exchange : traffic()) {
      PublishedApi.Findings findings = api.check(exchange);
      assertEquals(
          List.of(),
          findings.problems(),
          () -> exchange.path() + "\n" + new String(exchange.response(), StandardCharsets.UTF_8));
      checked += findings.checked();
    }
    assertTrue(checked > 150, "checked " + checked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          chat/completions | {"model":"m","messages":[]} | {} | 6
          chat/completions | {"model":"m","messages":[{"role":"user","content":"q"}],"n":0} | {"error":{"message":1}} | 7
          embeddings | {"model":"m"} | {"object":"list","model":"m","data":[],"usage":null} | 2
          no/such | {} | {} | 1
          """)
  void description_findsMistakes(String path, String request, String response, int count)
      throws IOException {
    Exchange exchange =
        new Exchange(
            "POST",
            path,
            request.getBytes(StandardCharsets.UTF_8),
            200,
            "application/json",
            response.getBytes(StandardCharsets.UTF_8));
    List<String> problems =
        PublishedApi.sources().findFirst().orElseThrow().read().check(exchange).problems();
    assertEquals(count, problems.size(), problems.toString());
  }

  @Test
  void requestOnAMiss_isSentOnByteForByte() {
    client.chat().completions().create(ask("q").temperature(0.2).build());
    stream(ask("r").temperature(0.2).build());
    assertEquals(2, below.exchanges().size());
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(above.exchanges().get(i).request(), below.exchanges().get(i).request());
      assertArrayEquals(above.exchanges().get(i).response(), below.exchanges().get(i).response());
    }
  }
}
