package dev.askonce.optimizer.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.batch.FakeBatchApi.Fate;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Effects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BatchLeverTest {
  @TempDir Path temp;

  private final FakeBatchApi api = new FakeBatchApi();
  private final MovingClock clock = new MovingClock();
  private final FakeTransport transport =
      new FakeTransport((request, call) -> Wire.completion("direct"));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private BatchLever.Builder builder() {
    return BatchLever.builder(api, temp)
        .background(false)
        .clock(clock)
        .random(new Random(7))
        .window(Duration.ofMinutes(1));
  }

  private static CallContext batch() {
    return CallContext.of("acme", Wire.URL).interactive(false);
  }

  private Future<ChatReply> ask(BatchLever lever, String text, CallContext context) {
    return threads.submit(() -> lever.over(transport).complete(Wire.ask(text), context));
  }

  /** Moves the queue until everything that was asked is answered. */
  private void move(BatchLever lever, List<Future<ChatReply>> asked) {
    while (!asked.stream().allMatch(Future::isDone)) {
      lever.queue().step();
      clock.sleep(Duration.ofSeconds(30));
      Thread.yield();
    }
  }

  private static String content(Future<ChatReply> reply) throws Exception {
    return reply.get().completion().content();
  }

  private long jobDirectories() throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      return files.count();
    }
  }

  @Test
  void callThatNobodyWaitsFor_isAnsweredByABatch() throws Exception {
    try (BatchLever lever = builder().open()) {
      CallContext context = batch();
      Future<ChatReply> reply = ask(lever, "a", context);
      move(lever, List.of(reply));
      assertEquals("re a", content(reply));
      assertTrue(reply.get().avoided().isEmpty());
      assertEquals(List.of(new Effects.Batched("batch")), context.effects().all());
      assertEquals(new BatchCounts(1, 0, 0, 1, 0), lever.counts());
      assertEquals(0, transport.calls());
      lever.queue().step();
      assertEquals(0, jobDirectories(), "what was fetched is not kept");
    }
  }

  @Test
  void othersGoStraightOn() throws Exception {
    try (BatchLever lever = builder().open()) {
      CallContext interactive = CallContext.of("acme", Wire.URL);
      assertEquals("direct", content(ask(lever, "a", interactive)));
      CallContext elsewhere =
          CallContext.of("acme", "https://other.example/chat/completions").interactive(false);
      assertEquals("direct", content(ask(lever, "a", elsewhere)));
      transport.answering((request, call) -> Wire.stream("direct"));
      ChatRequest streamed = Wire.ask("a", "'stream':true");
      lever.over(transport).stream(streamed, batch()).close();
      assertEquals(3, transport.calls());
      assertEquals(0, api.batchCount());
    }
  }

  @Test
  void manyCalls_areOneBatch_andEqualOnesAreBilledOnce() throws Exception {
    try (BatchLever lever = builder().requestsMax(50).open()) {
      List<Future<ChatReply>> asked = new ArrayList<>();
      List<CallContext> contexts = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        contexts.add(batch());
        asked.add(ask(lever, "q" + i % 40, contexts.get(i)));
      }
      move(lever, asked);
      for (int i = 0; i < 60; i++) {
        assertEquals("re q" + i % 40, content(asked.get(i)));
      }
      long avoided = 0;
      for (Future<ChatReply> reply : asked) {
        avoided += reply.get().avoided().isPresent() ? 1 : 0;
      }
      long billed = contexts.stream().filter(c -> !c.effects().all().isEmpty()).count();
      assertEquals(60, avoided + billed);
      assertEquals(billed, api.billed.values().stream().mapToInt(times -> times).sum());
    }
  }

  @Test
  void tenants_shareNothing() throws Exception {
    try (BatchLever lever = builder().open()) {
      List<Future<ChatReply>> asked =
          List.of(ask(lever, "a", batch()), ask(lever, "a", batch().tenant("globex")));
      move(lever, asked);
      assertEquals(2, api.billed.get("a"));
    }
  }

  @Test
  void callWithoutAnswerInTime_isSentOnOrFails() throws Exception {
    try (BatchLever lever = builder().open()) {
      CallContext hurried = batch().waitMax(Duration.ofMillis(1));
      assertEquals("direct", content(ask(lever, "a", hurried)));
      assertEquals(List.of(), hurried.effects().all());
      clock.sleep(Duration.ofHours(1));
      lever.queue().step();
      assertEquals(0, api.batchCount(), "nobody wants it any more");
      assertEquals(1, lever.counts().late());
    }
    try (BatchLever lever =
        builder().late(BatchLever.Late.FAIL).deadline(Duration.ofMillis(1)).open()) {
      Future<ChatReply> reply = ask(lever, "a", batch());
      ExecutionException e = assertThrows(ExecutionException.class, reply::get);
      assertEquals("no answer from a batch in time", e.getCause().getMessage());
    }
  }

  @Test
  void faultyRequest_isAnsweredAsTheProviderDid_andAnUnansweredOneIsSentOn() throws Exception {
    api.script = (text, asked) -> text.equals("faulty") ? Fate.BAD_REQUEST : Fate.SERVER_ERROR;
    try (BatchLever lever = builder().open()) {
      Future<ChatReply> faulty = ask(lever, "faulty", batch());
      Future<ChatReply> unanswered = ask(lever, "b", batch());
      move(lever, List.of(faulty, unanswered));
      assertEquals(400, faulty.get().status());
      assertEquals("direct", content(unanswered));
      assertEquals(3, api.asked.get("b"));
    }
  }

  @Test
  void afterARestart_whoAsksAgainHasTheResultThatWasPaidFor() throws Exception {
    BatchLever first = builder().open();
    Future<ChatReply> lost = ask(first, "a", batch());
    while (api.batchCount() == 0) {
      clock.sleep(Duration.ofMinutes(1));
      first.queue().step();
      Thread.yield();
    }
    first.close();
    assertThrows(ExecutionException.class, lost::get);
    try (BatchLever lever = builder().open()) {
      for (int i = 0; i < 5; i++) {
        clock.sleep(Duration.ofMinutes(5));
        lever.queue().step();
      }
      CallContext context = batch();
      Future<ChatReply> again = ask(lever, "a", context);
      assertEquals("re a", content(again));
      assertEquals(1, context.effects().all().size());
      assertEquals(1, api.billed.get("a"));
      assertEquals(0, transport.calls());
    }
  }

  @Test
  void resultThatNobodyFetches_isKeptForItsTimeOnly() throws Exception {
    try (BatchLever lever = builder().keptFor(Duration.ofHours(3)).open()) {
      Future<ChatReply> gone = ask(lever, "a", batch());
      while (api.batchCount() == 0) {
        clock.sleep(Duration.ofMinutes(1));
        lever.queue().step();
        Thread.yield();
      }
      gone.cancel(true);
    }
    try (BatchLever lever = builder().keptFor(Duration.ofHours(3)).open()) {
      for (int i = 0; i < 30; i++) {
        lever.queue().step();
        clock.sleep(Duration.ofMinutes(5));
      }
      assertEquals(1, jobDirectories());
      clock.sleep(Duration.ofHours(1));
      lever.queue().step();
      assertEquals(0, jobDirectories());
    }
  }

  @Test
  void closing_sendsOnWhatWasNotSent() throws Exception {
    BatchLever lever = builder().late(BatchLever.Late.FAIL).window(Duration.ofSeconds(30)).open();
    Future<ChatReply> reply = ask(lever, "a", batch());
    while (lever.queue().step() > 30_000) {
      Thread.yield();
    }
    lever.close();
    assertEquals("direct", content(reply));
    assertEquals("direct", content(ask(lever, "b", batch())));
    assertEquals(0, api.batchCount());
  }

  @Test
  void directoryThatCannotBeWritten_isPassedOver() throws Exception {
    try (BatchLever lever = builder().open()) {
      Future<ChatReply> reply = ask(lever, "a", batch());
      Files.delete(temp);
      Files.writeString(temp, "a file");
      move(lever, List.of(reply));
      assertEquals("direct", content(reply));
      assertTrue(lever.counts().passedOver() > 0);
      Files.delete(temp);
      Files.createDirectory(temp);
    }
  }

  @Test
  void ownThread_sendsAndFetches() throws Exception {
    try (BatchLever lever =
        BatchLever.builder(api, temp)
            .window(Duration.ZERO)
            .polling(Duration.ofMillis(1), Duration.ofMillis(2))
            .open()) {
      Future<ChatReply> reply = ask(lever, "a", batch());
      assertEquals("re a", reply.get(60, TimeUnit.SECONDS).completion().content());
      assertFalse(reply.get().missed());
    }
  }
}
