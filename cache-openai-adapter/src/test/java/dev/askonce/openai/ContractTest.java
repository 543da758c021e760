package dev.askonce.openai;

import static dev.askonce.openai.Stack.ask;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.askonce.openai.RecordingHttpClient.Exchange;
import dev.askonce.openai.standin.Fault;
import dev.askonce.optimizer.chat.ChatEvent;
import dev.askonce.optimizer.chat.EventReader;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Everything that is said has the published shape: by the SDK, by the stand-in, and by the cache,
 * whose converted replies no provider has ever sent.
 *
 * <p>The shapes are an extract that lies beside this test. To check against the whole published
 * description of the API as well, name its file, {@code openapi.yaml} or {@code openapi.yaml.gz},
 * by the system property or the environment variable {@code ASKONCE_OPENAPI}.
 */
final class ContractTest {
  private static final String DESCRIPTION = "ASKONCE_OPENAPI";

  @TempDir Path directory;
  private Stack stack;
  private RecordingHttpClient above;
  private RecordingHttpClient below;
  private OpenAIClient client;

  @BeforeEach
  void open() {
    stack = new Stack(directory);
    below = new RecordingHttpClient(OkHttpClient.builder().build());
    above =
        new RecordingHttpClient(
            AskOnceHttpClient.builder(below, stack.pipeline).tenant("acme").build());
    client =
        new OpenAIClientImpl(
            ClientOptions.builder()
                .httpClient(above)
                .baseUrl(stack.server.baseUrl())
                .apiKey("none")
                .maxRetries(0)
                .build());
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

  private void refused(ChatCompletionCreateParams.Builder params) {
    assertThrows(
        OpenAIServiceException.class, () -> client.chat().completions().create(params.build()));
  }

  @Test
  void traffic_hasTheShapesOfOurExtract() throws IOException {
    try (InputStream in = ContractTest.class.getResourceAsStream("shapes.json")) {
      Shapes shapes = new Shapes(Json.MAPPER.readTree(in));
      check(
          traffic(),
          shapes,
          Map.of(
              "chat", "/shapes/chatRequest",
              "completion", "/shapes/completion",
              "chunk", "/shapes/chunk",
              "error", "/shapes/error",
              "embeddingsRequest", "/shapes/embeddingsRequest",
              "embeddings", "/shapes/embeddings",
              "models", "/shapes/models"));
    }
  }

  @TestFactory
  Stream<DynamicTest> traffic_hasTheShapesOfThePublishedDescription() {
    String file = System.getProperty(DESCRIPTION, System.getenv(DESCRIPTION));
    return file == null || file.isBlank()
        ? Stream.empty()
        : Stream.of(DynamicTest.dynamicTest("openapi", () -> checkPublished(Path.of(file))));
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
  }

  private void checkPublished(Path file) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(16 << 20);
    YAMLMapper yaml = new YAMLMapper(YAMLFactory.builder().loaderOptions(options).build());
    try (InputStream in = open(file)) {
      String schemas = "/components/schemas/";
      check(
          traffic(),
          new Shapes(yaml.readTree(in)),
          Map.of(
              "chat", schemas + "CreateChatCompletionRequest",
              "completion", schemas + "CreateChatCompletionResponse",
              "chunk", schemas + "CreateChatCompletionStreamResponse",
              "error", schemas + "ErrorResponse",
              "embeddingsRequest", schemas + "CreateEmbeddingRequest",
              "embeddings", schemas + "CreateEmbeddingResponse",
              "models", schemas + "ListModelsResponse"));
    }
  }

  /** What is said in which exchange, by name. */
  private static void check(List<Exchange> traffic, Shapes shapes, Map<String, String> pointers)
      throws IOException {
    int checked = 0;
    for (Exchange exchange : traffic) {
      boolean chat = exchange.path().endsWith("chat/completions");
      if (exchange.request().length > 0 && exchange.status() != 400) {
        String name = chat ? "chat" : "embeddingsRequest";
        verify(shapes, pointers.get(name), Json.MAPPER.readTree(exchange.request()));
      }
      if (exchange.contentType().startsWith("text/event-stream")) {
        checked += checkEvents(exchange, shapes, pointers.get("chunk"));
      } else {
        String name =
            exchange.status() != 200
                ? "error"
                : chat
                    ? "completion"
                    : exchange.path().endsWith("models") ? "models" : "embeddings";
        JsonNode response = Json.MAPPER.readTree(exchange.response());
        // The description knows vectors of numbers only, though base64 is documented beside it.
        if (!response.at("/data/0/embedding").isTextual()) {
          verify(shapes, pointers.get(name), response);
          checked++;
        }
      }
    }
    assertTrue(checked > 50, "checked " + checked);
  }

  private static int checkEvents(Exchange exchange, Shapes shapes, String pointer)
      throws IOException {
    EventReader events = EventReader.over(exchange.response());
    int count = 0;
    ChatEvent last = null;
    for (ChatEvent event = events.next(); event != null; event = events.next()) {
      last = event;
      if (!event.isDone()) {
        verify(shapes, pointer, event.json());
        count++;
      }
    }
    assertTrue(last.isDone());
    return count;
  }

  private static void verify(Shapes shapes, String pointer, JsonNode value) {
    assertEquals(List.of(), shapes.problems(pointer, value), value.toPrettyString());
  }

  @Test
  void shapes_findMistakes() throws IOException {
    try (InputStream in = ContractTest.class.getResourceAsStream("shapes.json")) {
      Shapes shapes = new Shapes(Json.MAPPER.readTree(in));
      for (String faulty :
          List.of(
              "{}",
              "{\"error\":{\"message\":1,\"type\":\"t\",\"param\":null,\"code\":null}}",
              "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":null},\"x\":1}")) {
        assertEquals(1, shapes.problems("/shapes/error", Json.MAPPER.readTree(faulty)).size());
      }
      JsonNode request = Json.MAPPER.readTree("{\"model\":\"m\",\"messages\":[],\"n\":0}");
      assertEquals(2, shapes.problems("/shapes/chatRequest", request).size());
    }
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
