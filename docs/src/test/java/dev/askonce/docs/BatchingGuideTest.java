package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.openai.batch.OpenAiBatchApi;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.batch.BatchLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.embed.SharedEmbedder;
import dev.askonce.optimizer.fanout.FanOut;
import dev.askonce.optimizer.fanout.Outcome;
import dev.askonce.optimizer.fanout.Progress;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.text.MiniLmEmbedder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what docs/guides/batching.md shows. */
class BatchingGuideTest {
  private static final String REQUEST =
      "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}";

  private final List<Object> logged = new ArrayList<>();
  private final List<ChatReply> kept = new ArrayList<>();
  private Progress shown;

  @TempDir Path directory;

  private void show(Progress progress) {
    shown = progress;
  }

  private void keep(ChatReply reply) {
    kept.add(reply);
  }

  private void log(Object what) {
    logged.add(what);
  }

  private static ChatRequest request() {
    return ChatRequest.parse(REQUEST.getBytes(StandardCharsets.UTF_8));
  }

  /** A provider that is never to be asked, or says yes. */
  private record Provider(boolean asked) implements ChatClient {
    @Override
    public ChatReply complete(ChatRequest request, CallContext context) {
      assertTrue(asked, "sent on at the standard price");
      return new ChatReply(
          200,
          Map.of(),
          "application/json",
          "{}".getBytes(StandardCharsets.UTF_8),
          Optional.empty());
    }

    @Override
    public ChatStream stream(ChatRequest request, CallContext context) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void lever_answersByABatch() throws Exception {
    Ledger ledger = new Ledger(Prices.november2025(), new JtokkitCounter(), InstantSource.system());
    try (StandInServer server = StandInServer.start(request -> "yes")) {
      String baseUrl = server.baseUrl();
      OpenAIClient openAi = OpenAIOkHttpClient.builder().apiKey("none").baseUrl(baseUrl).build();
      // region
      OpenAiBatchApi api = new OpenAiBatchApi(openAi, baseUrl);
      BatchLever batches = BatchLever.builder(api, directory).open();
      Pipeline pipeline = Pipeline.of(ledger, batches);
      // end
      batches.close();
      try (BatchLever quick =
          BatchLever.builder(api, directory)
              .window(Duration.ZERO)
              .polling(Duration.ofMillis(1), Duration.ofMillis(9))
              .open()) {
        CallContext context =
            CallContext.of("acme", baseUrl + "/chat/completions").interactive(false);
        ChatReply reply =
            Pipeline.of(ledger, quick).over(new Provider(false)).complete(request(), context);
        assertEquals("yes", reply.completion().content());
        assertEquals(1, context.effects().all().size());
      }
      assertEquals(List.of(batches), pipeline.levers());
      openAi.close();
    }
  }

  @Test
  void fanOut_hasAnOutcomeForEachCall() throws Exception {
    ChatClient client = new Provider(true);
    List<FanOut.Call> calls =
        List.of(new FanOut.Call(request(), CallContext.of("acme", "https://a.example")));
    // region
    FanOut fanOut = FanOut.builder(client).concurrencyMax(32).progress(this::show).build();
    List<Outcome> outcomes = fanOut.run(calls);
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Outcome.Answered(ChatReply reply) -> keep(reply);
        case Outcome.Refused(ChatReply reply) -> log(reply.status());
        case Outcome.Broken(Exception cause) -> log(cause);
        case Outcome.Skipped(Outcome.Reason reason) -> log(reason);
      }
    }
    // end
    assertEquals(1, kept.size(), logged.toString());
    assertTrue(shown.isOver());
  }

  @Test
  void sharedEmbedder_embedsOnce() throws Exception {
    try (Embedder embedder = MiniLmEmbedder.open()) {
      // region
      Embedder shared = SharedEmbedder.of(embedder);
      // end
      assertSame(
          shared.embed("q", Duration.ofSeconds(60)), shared.embed("q", Duration.ofSeconds(60)));
    }
  }
}
