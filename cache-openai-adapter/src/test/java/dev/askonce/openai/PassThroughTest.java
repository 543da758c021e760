package dev.askonce.openai;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.MultipartField;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.WebSocketClient;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.batches.BatchListParams;
import com.openai.models.chat.completions.ChatCompletionListParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.moderations.ModerationCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.askonce.optimizer.Pipeline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is no chat completion goes out as the SDK wrote it and comes back as the API sent it: the
 * same calls with AskOnce in between and without it are compared byte for byte.
 */
final class PassThroughTest {
  /** A request as the HTTP client below was given it. */
  private record Sent(
      String method, String url, Map<String, List<String>> headers, String type, byte[] body) {
    static Sent of(HttpRequest request) {
      byte[] body = request.body() == null ? new byte[0] : BytesBody.read(request.body());
      String type = request.body() == null ? "" : request.body().contentType();
      return new Sent(
          request.method().name(), request.url(), request.headers().asMap(), type, body);
    }
  }

  private record Answer(int statusCode, Headers headers, InputStream body) implements HttpResponse {
    @Override
    public void close() {}
  }

  /** Answers everything with the same bytes. */
  private static final class Fixed implements HttpClient, WebSocketClient {
    final List<Sent> sent = new ArrayList<>();
    final List<RequestOptions> options = new ArrayList<>();
    private final int status;
    private final String type;
    private final byte[] body;

    Fixed(int status, String type, byte[] body) {
      this.status = status;
      this.type = type;
      this.body = body;
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions given) {
      sent.add(Sent.of(request));
      options.add(given);
      Headers headers =
          Headers.builder().put("content-type", type).put("x-request-id", "req_1").build();
      return new Answer(status, headers, new ByteArrayInputStream(body));
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions given) {
      return CompletableFuture.completedFuture(execute(request, given));
    }

    @Override
    public CompletableFuture<Connection> connectWebSocket(
        HttpRequest request, RequestOptions given, int queued, Listener listener) {
      sent.add(Sent.of(request));
      options.add(given);
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }

  private static OpenAIClient over(HttpClient http) {
    return new OpenAIClientImpl(
        ClientOptions.builder()
            .httpClient(http)
            .baseUrl("http://api.invalid/v1")
            .apiKey("none")
            .maxRetries(0)
            .build());
  }

  private static AskOnceHttpClient askOnce(HttpClient below) {
    return AskOnceHttpClient.builder(below, Pipeline.observe()).tenant("acme").build();
  }

  private static byte[] all(HttpResponse response) {
    try (response) {
      return response.body().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls of each kind that the API has, by what they read of the reply. */
  private static Map<String, Consumer<OpenAIClient>> calls() {
    ResponseCreateParams response =
        ResponseCreateParams.builder().model("gpt-4o").input("Say this is a test").build();
    CompletionCreateParams completion =
        CompletionCreateParams.builder().model("gpt-3.5-turbo-instruct").prompt("Say").build();
    return Map.ofEntries(
        Map.entry(
            "upload of a form with a file",
            client ->
                client
                    .files()
                    .withRawResponse()
                    .create(
                        FileCreateParams.builder()
                            .purpose(FilePurpose.BATCH)
                            .file(
                                MultipartField.<InputStream>builder()
                                    .value(new ByteArrayInputStream(noise(100_000)))
                                    .filename("in.jsonl")
                                    .build())
                            .build())),
        Map.entry(
            "upload of sound",
            client ->
                client
                    .audio()
                    .transcriptions()
                    .withRawResponse()
                    .create(
                        TranscriptionCreateParams.builder()
                            .model("whisper-1")
                            .file(noise(5_000))
                            .build())),
        Map.entry("binary reply", client -> all(client.files().content("file-1"))),
        Map.entry(
            "binary reply to a post",
            client ->
                all(
                    client
                        .audio()
                        .speech()
                        .create(
                            SpeechCreateParams.builder()
                                .model("tts-1")
                                .voice("alloy")
                                .input("hello")
                                .build()))),
        Map.entry(
            "get with a query",
            client ->
                client
                    .batches()
                    .withRawResponse()
                    .list(BatchListParams.builder().after("batch_1").limit(7).build())),
        Map.entry("list", client -> client.models().withRawResponse().list()),
        Map.entry(
            "list of stored chat completions",
            client ->
                client
                    .chat()
                    .completions()
                    .withRawResponse()
                    .list(ChatCompletionListParams.builder().model("gpt-4o").build())),
        Map.entry("delete", client -> client.files().withRawResponse().delete("file-1")),
        Map.entry(
            "moderation",
            client ->
                client
                    .moderations()
                    .withRawResponse()
                    .create(ModerationCreateParams.builder().input("text").build())),
        Map.entry("response", client -> client.responses().withRawResponse().create(response)),
        Map.entry(
            "streamed response",
            client -> all(client.responses().withRawResponse().createStreaming(response))),
        Map.entry(
            "get of a response", client -> client.responses().withRawResponse().retrieve("r")),
        Map.entry(
            "completion", client -> client.completions().withRawResponse().create(completion)),
        Map.entry(
            "embeddings",
            client ->
                client
                    .embeddings()
                    .withRawResponse()
                    .create(
                        EmbeddingCreateParams.builder()
                            .model("text-embedding-3-small")
                            .inputOfArrayOfStrings(List.of("one", "two"))
                            .build())));
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @TestFactory
  Stream<DynamicTest> requests_areSentAsTheSdkWroteThem() {
    return calls().entrySet().stream()
        .map(
            call ->
                DynamicTest.dynamicTest(
                    call.getKey(),
                    () -> {
                      Fixed bare = new Fixed(200, "application/json", "{}".getBytes());
                      Fixed below = new Fixed(200, "application/json", "{}".getBytes());
                      call.getValue().accept(over(bare));
                      call.getValue().accept(over(askOnce(below)));
                      assertEquals(1, below.sent.size());
                      assertSameRequest(bare.sent.getFirst(), below.sent.getFirst());
                      assertEquals(
                          bare.options.getFirst().getTimeout(),
                          below.options.getFirst().getTimeout());
                    }));
  }

  /** The SDK invents a boundary for each form; all else is the same. */
  private static void assertSameRequest(Sent expected, Sent actual) {
    assertEquals(expected.method, actual.method);
    assertEquals(expected.url, actual.url);
    assertEquals(expected.headers, actual.headers);
    String boundary = boundary(expected.type);
    assertEquals(expected.type, actual.type.replace(boundary(actual.type), boundary));
    byte[] body = actual.body;
    if (!boundary.isEmpty()) {
      body = latin(actual.body).replace(boundary(actual.type), boundary).getBytes(LATIN);
    }
    assertArrayEquals(expected.body, body);
  }

  private static final java.nio.charset.Charset LATIN = StandardCharsets.ISO_8859_1;

  private static String latin(byte[] bytes) {
    return new String(bytes, LATIN);
  }

  private static String boundary(String type) {
    int at = type.indexOf("boundary=");
    return at < 0 ? "" : type.substring(at + "boundary=".length());
  }

  @TestFactory
  Stream<DynamicTest> replies_comeBackAsTheyWere() {
    return Stream.of(200, 201, 400, 404, 429, 500, 503)
        .flatMap(
            status ->
                Stream.of("application/json", "text/event-stream", "audio/mpeg", "text/html")
                    .map(
                        type ->
                            DynamicTest.dynamicTest(
                                status + " " + type, () -> assertUntouched(status, type))));
  }

  private static void assertUntouched(int status, String type) {
    byte[] body = noise(70_000);
    for (String last : List.of("responses", "embeddings", "completions", "files", "models")) {
      Fixed below = new Fixed(status, type, body);
      HttpRequest request =
          HttpRequest.builder()
              .method(HttpMethod.POST)
              .baseUrl("http://api.invalid/v1")
              .addPathSegment(last)
              .body(new BytesBody("{\"model\":\"m\"}".getBytes(), "application/json"))
              .build();
      AskOnceHttpClient http = askOnce(below);
      for (HttpResponse response :
          List.of(
              http.execute(request, RequestOptions.none()),
              http.executeAsync(request, RequestOptions.none()).join())) {
        assertEquals(status, response.statusCode());
        assertEquals(List.of("req_1"), response.headers().values("x-request-id"));
        assertEquals(2, response.headers().names().size());
        assertArrayEquals(body, all(response), last);
      }
    }
  }

  @Test
  void bodiesThatAreNoJson_passThroughEverywhere() {
    for (byte[] body : List.of(new byte[0], noise(1_000), "[1,2".getBytes())) {
      for (String[] path :
          List.of(
              new String[] {"chat", "completions"},
              new String[] {"responses"},
              new String[] {"embeddings"})) {
        Fixed below = new Fixed(400, "text/plain", body);
        HttpRequest request =
            HttpRequest.builder()
                .method(HttpMethod.POST)
                .baseUrl("http://api.invalid/v1")
                .addPathSegments(path)
                .body(new BytesBody(body, "application/json"))
                .build();
        byte[] reply = all(askOnce(below).execute(request, RequestOptions.none()));
        assertArrayEquals(body, reply);
        assertArrayEquals(body, below.sent.getFirst().body);
      }
    }
  }

  @Test
  void webSockets_areConnectedBelow() {
    Fixed below = new Fixed(200, "application/json", new byte[0]);
    HttpRequest request =
        HttpRequest.builder()
            .method(HttpMethod.GET)
            .baseUrl("wss://api.invalid/v1")
            .addPathSegment("realtime")
            .putQueryParam("model", "gpt-realtime")
            .build();
    RequestOptions options = RequestOptions.none();
    assertTrue(!askOnce(below).connectWebSocket(request, options, 1, null).isDone());
    assertEquals(request.url(), below.sent.getFirst().url);
    assertSame(options, below.options.getFirst());
  }
}
