package dev.askonce.optimizer.cap;

import static dev.askonce.optimizer.cap.CapBench.context;
import static dev.askonce.optimizer.cap.CapBench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.FakeSemanticCache;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects;
import dev.askonce.optimizer.chat.EventReader;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.ledger.LedgerSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CapStreamTest {
  private final FakeSemanticCache cache = new FakeSemanticCache();
  private final Ledger ledger =
      new Ledger(Prices.november2025(), CapBench.TOKENS, InstantSource.system());
  private ChatRequest sent;
  private boolean closed;

  private static ChatRequest streamed(String... fields) {
    String[] all = Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = "'stream':true";
    return Wire.ask("x", all);
  }

  /** {@return a provider that streams these bytes and fails after them, if it is asked further} */
  private ChatClient provider(String stream, boolean breaks) {
    return new ChatClient() {
      @Override
      public ChatReply complete(ChatRequest request, CallContext context) {
        throw new UnsupportedOperationException();
      }

      @Override
      public ChatStream stream(ChatRequest request, CallContext context) {
        sent = request;
        InputStream in = new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8));
        InputStream tail =
            new InputStream() {
              @Override
              public int read() throws IOException {
                int next = in.read();
                if (next < 0 && breaks) {
                  throw new IOException("reset");
                }
                return next;
              }

              @Override
              public int read(byte[] target, int offset, int length) throws IOException {
                int next = read();
                if (next >= 0) {
                  target[offset] = (byte) next;
                }
                return next < 0 ? -1 : 1;
              }
            };
        return new ChatStream(
            200,
            Map.of(),
            ChatStream.EVENT_STREAM,
            new EventReader(tail),
            () -> closed = true,
            Optional.empty());
      }
    };
  }

  private String read(CapLever.Builder settings, ChatRequest request, Task task, String stream)
      throws IOException {
    return read(settings.build(), request, task, provider(stream, false));
  }

  private String read(CapLever lever, ChatRequest request, Task task, ChatClient provider)
      throws IOException {
    ChatClient client =
        Pipeline.of(ledger, lever, CacheLever.builder(cache).build()).over(provider);
    return Wire.drain(client.stream(request, context(task)));
  }

  private static String[] words(int count) {
    String[] words = new String[count];
    Arrays.fill(words, " word");
    return words;
  }

  @Test
  void conditionsOnTexts_neverCutJson() throws IOException {
    String stream = Wire.stream("{\\n", "\\\"label\\\": \\\"spam\\\"\\n", "}");
    CapLever.Builder settings =
        CapBench.settings().endStream(Task.CLASSIFICATION, StopCondition.firstLine());
    ChatRequest json = streamed("'response_format':{'type':'json_object'}");
    assertEquals(stream, read(settings, json, Task.CLASSIFICATION, stream));
    assertFalse(read(settings, streamed(), Task.CLASSIFICATION, stream).contains("spam"));
    settings.endStream(Task.CLASSIFICATION, StopCondition.jsonClosed());
    String chatty = Wire.stream("{}", " There you are.");
    ChatRequest other = streamed("'response_format':{'type':'json_object'}", "'seed':2");
    assertFalse(read(settings, other, Task.CLASSIFICATION, chatty).contains("There"));
  }

  @Test
  void completeStream_passesByteForByte_andIsCached() throws IOException {
    String stream = Wire.stream("N'Dja".replace("'", ""), "mena.");
    assertEquals(stream, read(settings(), streamed(), Task.FACTUAL, stream));
    assertEquals(2_000, sent.outputTokensMax().getAsLong(), "the larger limit at once");
    assertEquals(1, cache.size());
  }

  @Test
  void streamOverTheLimit_isEndedProperly_andNotCached() throws IOException {
    CapLever lever = settings().limit(Task.FACTUAL, 5).retryFactor(2).build();
    String stream = Wire.stream(words(50));
    String seen = read(lever, streamed(), Task.FACTUAL, provider(stream, true));
    assertEquals(10, seen.split(" word", -1).length - 1, seen);
    assertTrue(seen.endsWith("\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n"), seen);
    assertTrue(closed, "nobody pays for the rest");
    assertEquals(0, cache.size());
    assertEquals(1, lever.counts().streamsCut());
    assertEquals(1, lever.counts().passedOn());
    LedgerSnapshot books = ledger.snapshot();
    assertEquals(10, books.total().billed().output(), books.toString());
  }

  @Test
  void reasoningModel_isCutWithoutALimitInTheRequest() throws IOException {
    ChatRequest request =
        Wire.request("{'model':'o3','stream':true,'messages':[{'role':'user','content':'x'}]}");
    String seen =
        read(settings().limit(Task.FACTUAL, 2), request, Task.FACTUAL, Wire.stream(words(50)));
    assertFalse(sent.outputTokensMax().isPresent());
    assertEquals(8, seen.split(" word", -1).length - 1, seen);
  }

  @Test
  void labelWithChatter_isEndedAtTheLine_andCached() throws IOException {
    CapLever lever = settings().endStream(Task.CLASSIFICATION, StopCondition.firstLine()).build();
    String stream = Wire.stream("bill", "ing\\nBe", "cause the customer").replace("\\\\n", "\\n");
    String seen = read(lever, streamed(), Task.CLASSIFICATION, provider(stream, true));
    assertTrue(seen.contains("\"content\":\"ing\""), seen);
    assertFalse(seen.contains("cause"), seen);
    assertTrue(seen.endsWith("\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"), seen);
    assertTrue(closed);
    assertEquals(1, lever.counts().streamsStopped());
    assertEquals(0, lever.counts().passedOn());
    assertEquals(1, cache.size());
    assertEquals(seen, read(lever, streamed(), Task.CLASSIFICATION, provider("", true)));
  }

  @Test
  void toolCalls_areNeverCut() throws IOException {
    String stream =
        Wire.chunk("{'tool_calls':[{'index':0,'function':{'arguments':'{}'}}]}", "null")
            + Wire.stream(words(50));
    String seen =
        read(settings().limit(Task.FACTUAL, 2).retryFactor(1), streamed(), Task.FACTUAL, stream);
    assertEquals(stream, seen);
  }

  @Test
  void conditionThatThrows_leavesTheStreamAsItIs() throws IOException {
    StopCondition atOnce =
        () -> {
          throw new IllegalStateException();
        };
    StopCondition later =
        () ->
            piece -> {
              throw new IllegalStateException();
            };
    for (StopCondition broken : new StopCondition[] {atOnce, later}) {
      CapLever lever = settings().endStream(Task.OTHER, broken).build();
      String stream = Wire.stream("Yes.", " No.");
      assertEquals(
          stream,
          Wire.drain(lever.over(provider(stream, false)).stream(streamed(), context(Task.OTHER))));
      assertEquals(1, lever.counts().passedOver());
    }
  }

  @Test
  void brokenStream_breaksForTheReader() {
    String stream = Wire.chunk("{'content':'N'}", "null");
    CapLever lever = settings().build();
    assertThrows(
        IOException.class, () -> read(lever, streamed(), Task.FACTUAL, provider(stream, true)));
    assertEquals(0, lever.counts().passedOver());
  }

  @Test
  void usageOfTheProvider_isWhatIsBooked() throws IOException {
    String stream =
        Wire.chunk("{'content':'Yes.'}", "'stop'") + Wire.usageChunk(30, 7) + "data: [DONE]\n\n";
    read(settings(), streamed("'stream_options':{'include_usage':true}"), Task.FACTUAL, stream);
    assertEquals(7, ledger.snapshot().total().billed().output());
  }

  @Test
  void saved_isNotedBeforeTheLedgerBooks() throws IOException {
    double[] chance = {0};
    CapLever lever = CapLever.builder().exploredShare(0.5).random(() -> chance[0]).build();
    ChatClient client = lever.over(provider(Wire.stream(words(30)), false));
    for (int i = 0; i < LengthProfile.UNCONTROLLED_MIN; i++) {
      Wire.drain(client.stream(streamed(), context(Task.FACTUAL)));
      assertFalse(sent.outputTokensMax().isPresent(), "left alone");
    }
    chance[0] = 1;
    CallContext context = context(Task.FACTUAL);
    Wire.drain(lever.over(provider(Wire.stream(words(12)), false)).stream(streamed(), context));
    assertTrue(
        context.effects().all().contains(new Effects.OutputSaved(CapLever.NAME, 18)),
        context.effects().all().toString());
  }
}
