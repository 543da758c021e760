package dev.askonce.openai.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StandInServerTest {
  private static final String CHAT = "/chat/completions";
  private static final String HELLO =
      "{'model':'gpt-4o','messages':[{'role':'user','content':'hello world'}]%s}";

  private final Queue<Duration> slept = new ConcurrentLinkedQueue<>();
  private final StandInServer server =
      StandInServer.builder()
          .responder(ChatRequest::model)
          .latency(Duration.ofSeconds(3))
          .chunkLatency(Duration.ofMillis(20))
          .sleeper(slept::add)
          .clock(InstantSource.fixed(Instant.ofEpochSecond(7)))
          .start();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private HttpResponse<String> post(String path, String json)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
            .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return Json.MAPPER.readTree(response.body());
  }

  @Test
  void chat_answersWhatTheResponderSays() throws Exception {
    HttpResponse<String> response = post(CHAT, HELLO.formatted(""));
    assertEquals(200, response.statusCode());
    assertEquals("gpt-4o", json(response).at("/choices/0/message/content").asText());
    assertEquals(7, json(response).path("created").asInt());
    assertEquals(9, json(response).at("/usage/prompt_tokens").asInt());
    assertEquals(List.of(Duration.ofSeconds(3)), List.copyOf(slept));
    assertEquals(1, server.chatCalls());
  }

  @Test
  void stream_isChunksThatAddUpAndEndInDone() throws Exception {
    String fields = ",'stream':true,'stream_options':{'include_usage':true}";
    String[] events = post(CHAT, HELLO.formatted(fields)).body().split("\n\n");
    assertEquals(5, events.length);
    assertEquals("data: [DONE]", events[4]);
    JsonNode usage = Json.MAPPER.readTree(events[3].substring("data: ".length()));
    assertTrue(usage.at("/usage/total_tokens").asInt() > 9);
    assertEquals(1 + 4, slept.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{'messages':[{'role':'user','content':'q'}]}",
        "{'model':'m'}",
        "{'model':'m','messages':[]}",
        "{'model':'m','messages':[{'role':'boss','content':'q'}]}",
        "{'model':'m','messages':[{'role':'user'}]}",
        "{'model':'m','messages':[{'role':'user','content':[]}]}",
        "{'model':'m','messages':[{'role':'user','content':[{'type':'smell'}]}]}",
        "{'model':'m','messages':[{'role':'user','content':'q'}],'temperature':3}",
        "{'model':'m','messages':[{'role':'user','content':'q'}],'n':0}",
        "{'model':'m','messages':[{'role':'user','content':'q'}],'max_tokens':1.5}",
        "{'model':'m','messages':[{'role':'user','content':'q'}],'stream':'yes'}",
        "{'model':'m','messages':[{'role':'user','content':'q'}],'response_format':{'type':'xml'}}",
        "{'model':'m','messages':[{'role':'user','content':'q'}],'reasoning_effort':'some'}",
        "{'model':'m','messages':[{'role':'user','content':'q'}],'no_such_field':1}"
      })
  void chat_ofAWrongShape_isRefusedAsTheApiRefusesIt(String request) throws Exception {
    HttpResponse<String> response = post(CHAT, request);
    assertEquals(400, response.statusCode());
    assertEquals("invalid_request_error", json(response).at("/error/type").asText());
    assertTrue(json(response).at("/error").has("param"));
  }

  @ParameterizedTest
  @EnumSource(names = {"RATE_LIMITED", "SERVER_ERROR"})
  void failNext_failsOnce(Fault fault) throws Exception {
    server.failNext(fault);
    HttpResponse<String> failed = post(CHAT, HELLO.formatted(""));
    assertEquals(fault == Fault.RATE_LIMITED ? 429 : 500, failed.statusCode());
    assertEquals(
        fault == Fault.RATE_LIMITED, failed.headers().firstValue("retry-after").isPresent());
    assertEquals(200, post(CHAT, HELLO.formatted("")).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'stream':true"})
  void connectionCut_breaksTheExchange(String fields) {
    server.failAlways(Fault.CONNECTION_CUT);
    assertThrows(IOException.class, () -> post(CHAT, HELLO.formatted(fields)));
  }

  @Test
  void embeddings_areUnitVectors_theSameInBothEncodings() throws Exception {
    String request = "{'model':'text-embedding-3-small','input':['a b','c'],'dimensions':16%s}";
    JsonNode plain = json(post("/embeddings", request.formatted("")));
    JsonNode packed = json(post("/embeddings", request.formatted(",'encoding_format':'base64'")));
    byte[] bytes = Base64.getDecoder().decode(packed.at("/data/0/embedding").asText());
    ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double norm = 0;
    for (JsonNode component : plain.at("/data/0/embedding")) {
      assertEquals((float) component.asDouble(), floats.getFloat());
      norm += component.asDouble() * component.asDouble();
    }
    assertEquals(1, norm, 1e-5);
    assertEquals(1, plain.at("/data/1/index").asInt());
    assertEquals(3, plain.at("/usage/prompt_tokens").asInt());
    assertEquals(400, post("/embeddings", "{'model':'m','input':''}").statusCode());
    assertEquals(3, server.embeddingCalls());
  }

  @Test
  void responses_sayWhatTheResponderSays_wholeAndStreamed() throws Exception {
    String request = "{'model':'gpt-4o','input':[{'role':'user','content':'hi \uD83D\uDE00'}]%s}";
    JsonNode whole = json(post("/responses", request.formatted("")));
    assertEquals("gpt-4o", whole.at("/output/0/content/0/text").asText());
    assertTrue(whole.at("/usage/input_tokens").asInt() > 0);
    String[] events = post("/responses", request.formatted(",'stream':true")).body().split("\n\n");
    assertTrue(events[0].startsWith("event: response.created\ndata: "), events[0]);
    assertTrue(events[events.length - 1].contains("\"total_tokens\""));
    assertEquals(400, post("/responses", "{'model':'m'}").statusCode());
    assertEquals(400, post("/responses", "{'input':'q'}").statusCode());
  }

  @Test
  void olderCompletions_sayWhatTheResponderSays_wholeAndStreamed() throws Exception {
    String request = "{'model':'davinci','prompt':'hello'%s}";
    JsonNode whole = json(post("/completions", request.formatted("")));
    assertEquals("davinci", whole.at("/choices/0/text").asText());
    String usage = ",'stream':true,'stream_options':{'include_usage':true}";
    String[] events = post("/completions", request.formatted(usage)).body().split("\n\n");
    assertEquals("data: [DONE]", events[events.length - 1]);
    assertTrue(events[events.length - 2].contains("prompt_tokens"));
    assertEquals(400, post("/completions", "{'model':'m'}").statusCode());
  }

  @Test
  void rateLimitHeaders_countDown() throws Exception {
    try (StandInServer limited = StandInServer.builder().requestsPerMinute(2).start()) {
      for (String left : List.of("1", "0", "0")) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(limited.baseUrl() + CHAT))
                .POST(HttpRequest.BodyPublishers.ofString(HELLO.formatted("").replace('\'', '"')))
                .build();
        var headers = client.send(request, HttpResponse.BodyHandlers.ofString()).headers();
        assertEquals("2", headers.firstValue("x-ratelimit-limit-requests").orElseThrow());
        assertEquals(left, headers.firstValue("x-ratelimit-remaining-requests").orElseThrow());
        assertEquals("1m0s", headers.firstValue("x-ratelimit-reset-requests").orElseThrow());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void unknownField_isRefusedByThoseWhoRefuseIt(Dialect dialect) throws Exception {
    try (StandInServer server = StandInServer.builder().dialect(dialect).start()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(server.baseUrl() + CHAT))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      HELLO.formatted(",'no_such':1").replace('\'', '"')));
      int status = client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
      assertEquals(
          dialect == Dialect.VLLM || dialect == Dialect.OLLAMA ? 200 : 400,
          status,
          "local servers ignore what they do not know");
    }
  }

  @Test
  void unknownPath_isNotFound() throws Exception {
    assertEquals(404, post("/no/such", "{}").statusCode());
    assertEquals(1, server.otherCalls());
  }
}
