package dev.askonce.optimizer.cache;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.chunk;
import static dev.askonce.optimizer.Wire.completion;
import static dev.askonce.optimizer.Wire.drain;
import static dev.askonce.optimizer.Wire.stream;
import static dev.askonce.optimizer.Wire.usageChunk;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.engine.HitId;
import dev.askonce.optimizer.FakeSemanticCache;
import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CachedClientTest {
  private static final CallContext CONTEXT = CallContext.of("acme", Wire.URL);
  private static final String STREAMED = "'stream':true";
  private static final String WITH_USAGE = "'stream':true,'stream_options':{'include_usage':true}";

  private final FakeSemanticCache cache = new FakeSemanticCache();
  private final CacheLever lever = CacheLever.builder(cache).build();
  private final FakeTransport transport =
      new FakeTransport((request, call) -> completion("A" + call));
  private final ChatClient client = lever.over(transport);

  @AfterEach
  void noTicketIsLeaked() {
    assertEquals(0, cache.openTickets());
  }

  @Test
  void complete_repeated_returnsTheSameBytes() throws IOException {
    ChatReply first = client.complete(ask("q"), CONTEXT);
    ChatReply second = client.complete(ask("q", "'user':'someone'"), CONTEXT);
    assertArrayEquals(first.body(), second.body());
    assertEquals(first.contentType(), second.contentType());
    assertTrue(first.avoided().isEmpty());
    assertEquals(new Usage(1000, 0, 0, 200, 0), second.avoided().orElseThrow().usage());
    assertFalse(second.avoided().get().estimated());
    assertEquals(1, transport.calls());
    assertEquals(1, lever.counts().hits());
    assertEquals(1, lever.counts().misses());
    assertEquals(1, lever.counts().stored());
  }

  @Test
  void complete_paraphraseInTheSameScope_hits_inAnotherMisses() throws IOException {
    cache.paraphrase("p", "q");
    client.complete(ask("q"), CONTEXT);
    assertTrue(client.complete(ask("p"), CONTEXT).avoided().isPresent());
    assertTrue(client.complete(ask("p"), CONTEXT.tenant("other")).avoided().isEmpty());
    assertTrue(client.complete(ask("p", "'tools':[{}]"), CONTEXT).avoided().isEmpty());
  }

  @Test
  void hit_tellsItsId_onTheRouteOfItsEndpoint() throws IOException {
    CallContext faq = CONTEXT.endpoint("faq");
    assertNull(client.complete(ask("q"), faq).headers().get(CacheLever.HIT_HEADER));
    ChatReply hit = client.complete(ask("q"), faq);
    HitId id = HitId.parse(hit.headers().get(CacheLever.HIT_HEADER).getFirst());
    assertEquals("faq", id.route());
    ChatStream streamed = client.stream(ask("q", STREAMED), CONTEXT);
    HitId ofStream = HitId.parse(streamed.headers().get(CacheLever.HIT_HEADER).getFirst());
    assertEquals(CallContext.ENDPOINT_DEFAULT, ofStream.route());
    assertEquals(id.entry(), ofStream.entry());
    assertTrue(cache.wrong(id));
    assertTrue(client.complete(ask("q"), faq).avoided().isEmpty());
  }

  @Test
  void checkedHit_answersOnlyWhereTheProviderDoesNot() throws IOException {
    ChatReply first = client.complete(ask("q"), CONTEXT);
    cache.checkHits();
    assertTrue(client.complete(ask("q"), CONTEXT).avoided().isEmpty());
    assertEquals(2, transport.calls());
    ChatReply second = client.complete(ask("q"), CONTEXT.cached(false));

    for (int status : new int[] {429, 500, 503}) {
      transport.status(status);
      ChatReply checked = client.complete(ask("q"), CONTEXT);
      assertEquals(200, checked.status());
      assertTrue(checked.avoided().isPresent());
      assertEquals(200, client.stream(ask("q", STREAMED), CONTEXT).status());
    }
    transport.status(400);
    assertEquals(400, client.complete(ask("q"), CONTEXT).status(), "nothing for wrong requests");
    transport.answering(
        (request, call) -> {
          throw new IOException("down");
        });
    assertTrue(client.complete(ask("q"), CONTEXT).avoided().isPresent());
    assertTrue(client.stream(ask("q", STREAMED), CONTEXT).avoided().isPresent());
    assertThrows(IOException.class, () -> client.complete(ask("other"), CONTEXT));
    assertEquals(8, lever.counts().hits());
    assertFalse(Arrays.equals(first.body(), second.body()));
  }

  @Test
  void put_carriesWhatItSavesAndWhoseItIs() throws IOException {
    client.complete(ask("q"), CONTEXT.principal("alice").endpoint("faq"));
    // 1,000 × $2.50 + 200 × $10 a million tokens.
    assertEquals(4_500_000, cache.lastPut().savedNanoDollars());
    assertEquals("alice", cache.lastPut().provenance());
    assertEquals(
        List.of("model:gpt-4o", "endpoint:faq", "answered:gpt-4o-2024-08-06"),
        cache.lastPut().tags());
  }

  @Test
  void stream_repeated_replaysEveryByte() throws IOException {
    transport.answering((request, call) -> stream("Hel", "lo"));
    String first = drain(client.stream(ask("q", STREAMED), CONTEXT));
    assertEquals(stream("Hel", "lo"), first);
    ChatStream replay = client.stream(ask("q", STREAMED), CONTEXT);
    assertTrue(replay.avoided().orElseThrow().estimated());
    assertEquals("text/event-stream", replay.contentType());
    assertEquals(first, drain(replay));
    assertEquals(1, transport.calls());
  }

  @Test
  void stream_ofACompletion_hasEveryPartOfAStream() throws IOException {
    transport.answering((request, call) -> completion("Hello"));
    client.complete(ask("q"), CONTEXT);
    String[] events = drain(client.stream(ask("q", WITH_USAGE), CONTEXT)).split("\n\n");
    assertEquals(5, events.length);
    JsonNode role = data(events[0]);
    assertEquals("assistant", role.at("/choices/0/delta/role").asText());
    assertEquals("chat.completion.chunk", role.path("object").asText());
    assertEquals("gpt-4o-2024-08-06", role.path("model").asText());
    assertEquals("Hello", data(events[1]).at("/choices/0/delta/content").asText());
    assertEquals("stop", data(events[2]).at("/choices/0/finish_reason").asText());
    assertEquals(1000, data(events[3]).at("/usage/prompt_tokens").asInt());
    assertEquals(0, data(events[3]).path("choices").size());
    assertEquals("data: [DONE]", events[4]);
    assertEquals(4, drain(client.stream(ask("q", STREAMED), CONTEXT)).split("\n\n").length);
    assertEquals(1, transport.calls());
  }

  @Test
  void complete_ofAStream_isItsCompletion() throws IOException {
    transport.answering(
        (request, call) ->
            stream("Hel", "lo").replace("data: [DONE]", usageChunk(9, 2) + "data: [DONE]"));
    drain(client.stream(ask("q", WITH_USAGE), CONTEXT));
    ChatReply reply = client.complete(ask("q"), CONTEXT);
    JsonNode json = Json.MAPPER.readTree(reply.body());
    assertEquals("application/json", reply.contentType());
    assertEquals("chat.completion", json.path("object").asText());
    assertEquals("Hello", json.at("/choices/0/message/content").asText());
    assertEquals("assistant", json.at("/choices/0/message/role").asText());
    assertEquals("stop", json.at("/choices/0/finish_reason").asText());
    assertEquals(9, json.at("/usage/prompt_tokens").asInt());
    assertEquals(1, transport.calls());
  }

  @Test
  void stream_usageWantedButNotRecorded_isEstimated() throws IOException {
    transport.answering((request, call) -> stream("Hello"));
    drain(client.stream(ask("q", STREAMED), CONTEXT));
    String[] events = drain(client.stream(ask("q", WITH_USAGE), CONTEXT)).split("\n\n");
    JsonNode usage = data(events[events.length - 2]);
    assertEquals(1, usage.at("/usage/completion_tokens").asInt());
    // 3 to frame the message, 1 for its role, 1 for its text, 3 to begin the answer.
    assertEquals(8, usage.at("/usage/prompt_tokens").asInt());
    assertEquals("data: [DONE]", events[events.length - 1]);
  }

  @Test
  void stream_usageRecordedButNotWanted_isLeftOut() throws IOException {
    String recorded = stream("Hello").replace("data: [DONE]", usageChunk(9, 2) + "data: [DONE]");
    transport.answering((request, call) -> recorded);
    drain(client.stream(ask("q", WITH_USAGE), CONTEXT));
    assertEquals(recorded, drain(client.stream(ask("q", WITH_USAGE), CONTEXT)));
    assertEquals(stream("Hello"), drain(client.stream(ask("q", STREAMED), CONTEXT)));
  }

  private static JsonNode data(String event) throws IOException {
    return Json.MAPPER.readTree(event.substring("data: ".length()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"length", "content_filter", "tool_calls", "function_call", ""})
  void complete_answerThatDidNotStop_isNotStored(String finishReason) throws IOException {
    transport.answering((request, call) -> completion("part", finishReason));
    assertNeverStored(ask("q"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'error':{'message':'m','type':'t'}}",
        "{'choices':[]}",
        "{'choices':[{'finish_reason':'stop','message':{'content':null,'refusal':'No.'}}]}",
        "{'choices':[{'finish_reason':'stop','message':{'content':'x','refusal':'No.'}}]}",
        "{'choices':[{'finish_reason':'stop','message':{'content':''}}]}",
        "{'choices':[{'finish_reason':'stop','message':{'content':'x','tool_calls':[{}]}}]}",
        "{'choices':[{'finish_reason':'stop','message':{'content':'x','function_call':{}}}]}",
        "{'choices':[{'finish_reason':'stop','message':{'content':'x'}},{}]}",
        "{'choices':[{'finish_reason':'stop','message':{'content':'x'}}]",
        "<html>not the API</html>",
        ""
      })
  void complete_noProperAnswer_isNotStored(String body) throws IOException {
    transport.answering((request, call) -> body.replace('\'', '"'));
    assertNeverStored(ask("q"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 408, 429, 500, 503})
  void complete_errorStatus_isNotStored(int status) throws IOException {
    transport.status(status);
    assertNeverStored(ask("q"));
    assertEquals(status, client.stream(ask("q", STREAMED), CONTEXT).status());
    assertEquals(0, cache.size());
  }

  private void assertNeverStored(ChatRequest request) throws IOException {
    client.complete(request, CONTEXT);
    client.complete(request, CONTEXT);
    assertEquals(2, transport.calls());
    assertEquals(0, cache.size());
    assertEquals(0, lever.counts().passedOver());
  }

  @Test
  void stream_thatIsNoProperAnswer_isNotStored() throws IOException {
    String start = chunk("{'role':'assistant','content':'x'}", "null");
    String done = "data: [DONE]\n\n";
    String stop = chunk("{}", "'stop'");
    List<String> streams =
        List.of(
            start + stop,
            start + done,
            start + chunk("{}", "'length'") + done,
            start + chunk("{'refusal':'No.'}", "null") + stop + done,
            start + chunk("{'tool_calls':[{}]}", "null") + stop + done,
            start + "data: {\"error\":{\"message\":\"m\"}}\n\n" + stop + done,
            start + "data: {broken\n\n" + stop + done,
            start + stop.replace("\"index\":0", "\"index\":1") + stop + done,
            chunk("{'role':'assistant'}", "null") + stop + done,
            "");
    for (String body : streams) {
      transport.answering((request, call) -> body);
      assertEquals(body, drain(client.stream(ask("q", STREAMED), CONTEXT)));
      assertEquals(0, cache.size(), body);
    }
    assertEquals(streams.size(), transport.calls());
    assertEquals(0, lever.counts().passedOver());
  }

  @Test
  void answer_largerThanTheLimit_isNotStored() throws IOException {
    ChatClient small = CacheLever.builder(cache).answerBytesMax(100).build().over(transport);
    small.complete(ask("q"), CONTEXT);
    transport.answering((request, call) -> stream("Hello"));
    assertEquals(stream("Hello"), drain(small.stream(ask("q", STREAMED), CONTEXT)));
    assertEquals(0, cache.size());
  }

  @Test
  void stream_closedEarly_failsTheTicketAndStoresNothing() throws IOException {
    transport.answering((request, call) -> stream("Hel", "lo"));
    try (ChatStream stream = client.stream(ask("q", STREAMED), CONTEXT)) {
      stream.next();
      assertEquals(1, cache.openTickets());
    }
    assertEquals(0, cache.openTickets());
    assertEquals(0, cache.size());
  }

  @Test
  void stream_endSeen_isStoredAlready() throws IOException {
    transport.answering((request, call) -> stream("Hello"));
    try (ChatStream stream = client.stream(ask("q", STREAMED), CONTEXT)) {
      while (!stream.next().isDone()) {
        assertEquals(0, cache.size());
      }
      assertEquals(1, cache.size());
    }
  }

  @Test
  void transport_throws_ticketIsFailedAndTheExceptionPasses() {
    transport.answering(
        (request, call) -> {
          throw new IOException("gone");
        });
    assertThrows(IOException.class, () -> client.complete(ask("q"), CONTEXT));
    assertThrows(IOException.class, () -> client.stream(ask("q", STREAMED), CONTEXT));
  }

  @Test
  void bypassed_requestsAreCountedByReason() throws IOException {
    client.complete(ask("q", "'n':2"), CONTEXT);
    client.complete(ask("q"), CONTEXT.cached(false));
    client.complete(ask("q"), CONTEXT.cached(false));
    assertEquals(2, lever.counts().bypassed().get(BypassReason.OPTED_OUT));
    assertEquals(1, lever.counts().bypassed().get(BypassReason.SEVERAL_CHOICES));
    assertEquals(0, cache.size());
  }

  @Test
  void storedBody_isWhatTheProviderSent() throws IOException {
    client.complete(ask("q"), CONTEXT);
    assertEquals(
        completion("A1"),
        new String(cache.answers().iterator().next().body(), StandardCharsets.UTF_8));
  }
}
