package dev.askonce.optimizer.ledger;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.completion;
import static dev.askonce.optimizer.Wire.drain;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.audit.Audit;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RequestLogTest {
  private static final CallContext CONTEXT = CallContext.of("acme", Wire.URL).endpoint("faq");
  private static final byte[] KEY = "sixteen bytes!!!".getBytes(StandardCharsets.US_ASCII);
  private static final Instant NOW = Instant.parse("2025-11-15T12:00:00Z");

  @TempDir Path directory;
  private Path file;
  private final FakeTransport transport = new FakeTransport((request, call) -> completion("A"));

  @BeforeEach
  void name() {
    file = directory.resolve("calls.jsonl");
  }

  private RequestLog.Builder log() {
    return RequestLog.at(file).clock(() -> NOW);
  }

  private List<LoggedCall> calls() throws IOException {
    return Files.readAllLines(file).stream().map(LoggedCall::parse).toList();
  }

  @Test
  void observe_writesWhatWasAskedAndAnsweredAndChangesNothing() throws IOException {
    Ledger ledger = new Ledger(Prices.november2025(), new JtokkitCounter(), () -> NOW);
    ChatReply reply;
    try (RequestLog log = log().open()) {
      ChatClient client = Pipeline.observe(ledger, log).over(transport);
      reply = client.complete(ask("q"), CONTEXT.interactive(false));
      assertArrayEquals(completion("A").getBytes(StandardCharsets.UTF_8), reply.body());
    }
    LoggedCall call = calls().getFirst();
    assertEquals(NOW, call.at());
    assertEquals("faq", call.endpoint());
    assertEquals(Optional.of("acme"), call.tenant());
    assertFalse(call.interactive());
    assertEquals(ask("q").json(), call.request());
    assertEquals(200, call.status());
    assertEquals("A", call.response().at("/choices/0/message/content").asText());
    assertEquals(Optional.of(Usage.of(1_000, 200)), call.usage());
    assertEquals(OptionalLong.of(0), call.latencyMillis());
    assertEquals(1, ledger.snapshot().total().calls());
  }

  @Test
  void stream_isWrittenAsTheCompletionItMakes() throws IOException {
    transport.answering(
        (request, call) ->
            Wire.chunk("{'content':'hel'}", "null")
                + Wire.chunk("{'content':'lo'}", "'stop'")
                + Wire.usageChunk(7, 2)
                + "data: [DONE]\n\n");
    String sent;
    try (RequestLog log = log().open()) {
      sent = drain(log.over(transport).stream(ask("q", "'stream':true"), CONTEXT));
    }
    assertTrue(sent.endsWith("[DONE]\n\n"));
    LoggedCall call = calls().getFirst();
    assertEquals("hello", call.response().at("/choices/0/message/content").asText());
    assertEquals("stop", call.response().at("/choices/0/finish_reason").asText());
    assertEquals("gpt-4o", call.response().path("model").asText());
    assertEquals(Optional.of(Usage.of(7, 2)), call.usage());
  }

  @Test
  void failures_areWrittenWithTheirStatus() throws IOException {
    try (RequestLog log = log().open()) {
      ChatClient client = log.over(transport.status(429));
      client.complete(ask("q"), CONTEXT);
      client.stream(ask("q", "'stream':true"), CONTEXT).close();
      transport.answering(
          (request, call) -> {
            throw new IOException("gone");
          });
      assertThrows(IOException.class, () -> client.complete(ask("q"), CONTEXT));
      assertThrows(IOException.class, () -> client.stream(ask("q"), CONTEXT));
    }
    assertEquals(List.of(429, 429, 0, 0), calls().stream().map(LoggedCall::status).toList());
  }

  @Test
  void file_isItsOwnersAloneEvenWhereItWasThere() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    log().open().close();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void file_isAppendedTo_alsoAfterALineThatWasCutShort() throws IOException {
    Files.writeString(file, "{\"at\":\"20");
    try (RequestLog log = log().open()) {
      log.over(transport).complete(ask("q"), CONTEXT);
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals(2, lines.size());
    assertEquals("gpt-4o", LoggedCall.parse(lines.get(1)).model());
  }

  @Test
  void link_isNotFollowed() throws IOException {
    Path other = Files.createFile(directory.resolve("other"));
    Files.createSymbolicLink(file, other);
    assertThrows(UncheckedIOException.class, () -> log().open());
    assertEquals(0, Files.size(other));
  }

  @Test
  void full_makesRoomAndKeepsSoMany() throws IOException {
    try (RequestLog log = log().bytesMax(1).filesMax(3).open()) {
      for (int i = 0; i < 5; i++) {
        log.over(transport).complete(ask("q" + i), CONTEXT);
      }
    }
    for (int age = 0; age < 3; age++) {
      Path kept = age == 0 ? file : directory.resolve("calls.jsonl." + age);
      List<String> lines = Files.readAllLines(kept);
      assertEquals(1, lines.size());
      assertEquals(ask("q" + (4 - age)).json(), LoggedCall.parse(lines.getFirst()).request());
    }
    assertFalse(Files.exists(directory.resolve("calls.jsonl.3")));
  }

  @Test
  void queueThatIsFull_dropsAndCounts() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    LogTexts slow =
        LogTexts.hashed(
            KEY,
            (model, text) -> {
              busy.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return 1;
            });
    RequestLog log = log().texts(slow).queuedMax(2).open();
    ChatClient client = log.over(transport);
    client.complete(ask("q"), CONTEXT);
    await(busy);
    for (int i = 0; i < 5; i++) {
      client.complete(ask("q"), CONTEXT);
    }
    assertEquals(3, log.droppedCount());
    go.countDown();
    log.close();
    assertEquals(3, log.writtenCount());
    client.complete(ask("q"), CONTEXT);
    assertEquals(4, log.droppedCount());
    assertEquals(3, calls().size());
    assertEquals(0, log.troubleCount());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void callLargerThanAllThatMayWait_isDropped() throws IOException {
    try (RequestLog log = log().queuedBytesMax(10).open()) {
      log.over(transport).complete(ask("q"), CONTEXT);
      assertEquals(1, log.droppedCount());
    }
    assertEquals(0, Files.size(file));
  }

  @Test
  void hashedTexts_showRepeatsAndLengthsAndNothingElse() throws IOException {
    LogTexts texts = LogTexts.hashed(KEY, new JtokkitCounter());
    transport.answering((request, call) -> completion("secret answer"));
    try (RequestLog log = log().texts(texts).open()) {
      ChatClient client = log.over(transport);
      client.complete(
          ask("secret one", "'user':'secret','metadata':{'a':'secret'},'max_tokens':5"), CONTEXT);
      client.complete(ask("secret one"), CONTEXT);
      client.complete(ask("secret two", "'stop':['secret']"), CONTEXT);
    }
    assertFalse(Files.readString(file).contains("secret"));
    List<LoggedCall> calls = calls();
    List<String> asked =
        calls.stream().map(call -> call.request().at("/messages/0/content").asText()).toList();
    assertEquals(asked.get(0), asked.get(1));
    assertNotEquals(asked.get(0), asked.get(2));
    assertEquals(OptionalLong.of(2), LogTexts.tokens(asked.get(0)));
    assertEquals("user", calls.getFirst().request().at("/messages/0/role").asText());
    assertEquals("gpt-4o", calls.getFirst().model());
    assertEquals(5, calls.getFirst().request().path("max_tokens").asInt());
    assertEquals(Optional.of(Usage.of(1_000, 200)), calls.getFirst().usage());
  }

  @Test
  void hashedTexts_haveNoTokensNoBytesAndNothingOfMetadata() {
    LoggedCall call =
        LoggedCall.parse(
            "{'at':'2025-11-15T12:00:00Z','api':'embeddings','request':{'input':[1,2],'metadata':"
                    .replace('\'', '"')
                + "{\"code\":\"secret\",\"type\":{\"role\":\"secret\"}},\"n\":1},\"response\":{"
                + "\"logprobs\":[{\"token\":\"s\",\"bytes\":[115],\"logprob\":-0.5}]}}");
    String line = LogTexts.hashed(KEY, (model, text) -> 1).of(call).toJson();
    assertFalse(line.contains("secret") || line.contains("[1") || line.contains("\"s\""), line);
    assertTrue(line.contains("\"api\":\"embeddings\"") && line.contains("-0.5"), line);
  }

  @Test
  void passedCall_isALineOfItsOwn_thatNoLeverIsReplayedOn() throws IOException {
    try (RequestLog log = log().open()) {
      byte[] request = "{\"model\":\"m\",\"input\":\"a\"}".getBytes(StandardCharsets.UTF_8);
      byte[] reply = "{\"usage\":{\"prompt_tokens\":7}}".getBytes(StandardCharsets.UTF_8);
      log.passed(log.now(), CONTEXT, "embeddings", request, 200, reply);
      log.passed(log.now(), CONTEXT, "files", new byte[0], 0, new byte[0]);
    }
    LoggedCall call = calls().getFirst();
    assertEquals(Optional.of("embeddings"), call.api());
    assertEquals("m", call.model());
    assertEquals(Optional.of(Usage.of(7, 0)), call.usage());
    assertEquals(call, LoggedCall.parse(call.toJson()));
    assertEquals("{}", calls().get(1).request().toString());
    assertEquals(0, calls().get(1).status());
    Audit audit = new Audit(Prices.published(), "gpt-4o-mini", request -> Task.OTHER);
    calls().forEach(audit::add);
    assertEquals(0, audit.report(false).requests());
    assertEquals(2, audit.report(false).passedThrough());
  }

  @Test
  void hashedTexts_ofAnotherKeyAreOthers() {
    LoggedCall call =
        LoggedCall.parse("{\"at\":\"2025-11-15T12:00:00Z\",\"request\":{\"user\":\"me\"}}");
    byte[] other = "another 16 bytes".getBytes(StandardCharsets.US_ASCII);
    assertNotEquals(
        LogTexts.hashed(KEY, (model, text) -> 1).of(call),
        LogTexts.hashed(other, (model, text) -> 1).of(call));
    assertThrows(
        ChatException.InvalidSetting.class,
        () -> LogTexts.hashed(new byte[15], (model, text) -> 1));
  }

  @Test
  void tokens_ofATextThatIsNoHash_areEmpty() {
    for (String text : new String[] {"", "hash:", "hash:abc", "hash:abc:x", "say hash:abc:1"}) {
      assertEquals(OptionalLong.empty(), LogTexts.tokens(text), text);
    }
  }
}
