package dev.askonce.optimizer.cache;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.completion;
import static dev.askonce.optimizer.Wire.drain;
import static dev.askonce.optimizer.Wire.stream;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.FakeSemanticCache;
import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SingleFlightTest {
  private static final CallContext CONTEXT = CallContext.of("acme", Wire.URL);
  private static final int CALLERS = 20;

  private final FakeSemanticCache cache = new FakeSemanticCache();
  private final CountDownLatch modelIsDone = new CountDownLatch(1);
  private final FakeTransport transport = new FakeTransport(this::answerWhenDone);
  private final ChatClient client = CacheLever.builder(cache).build().over(transport);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile String answer = completion("A");

  private String answerWhenDone(Object request, int call) throws IOException {
    try {
      assertTrue(modelIsDone.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return answer;
  }

  @AfterEach
  void noTicketIsLeaked() {
    threads.shutdownNow();
    assertEquals(0, cache.openTickets());
  }

  private <T> List<Future<T>> startTogether(Callable<T> call) {
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      futures.add(threads.submit(call));
    }
    until(() -> cache.waiting() == CALLERS - 1);
    return futures;
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void complete_manyAtOnce_callsTheModelOnce() throws Exception {
    List<Future<ChatReply>> replies = startTogether(() -> client.complete(ask("q"), CONTEXT));
    modelIsDone.countDown();
    for (Future<ChatReply> reply : replies) {
      assertArrayEquals(answer.getBytes(), reply.get().body());
    }
    assertEquals(1, transport.calls());
  }

  @Test
  void stream_manyAtOnce_callsTheModelOnce() throws Exception {
    answer = stream("Hel", "lo");
    List<Future<String>> replies =
        startTogether(() -> drain(client.stream(ask("q", "'stream':true"), CONTEXT)));
    modelIsDone.countDown();
    for (Future<String> reply : replies) {
      assertEquals(answer, reply.get());
    }
    assertEquals(1, transport.calls());
  }

  @Test
  void complete_leaderFails_oneFollowerTakesOver() throws Exception {
    transport.answering(
        (request, call) -> {
          String said = answerWhenDone(request, call);
          if (call == 1) {
            throw new IOException("gone");
          }
          return said;
        });
    List<Future<ChatReply>> replies = startTogether(() -> client.complete(ask("q"), CONTEXT));
    modelIsDone.countDown();
    int failed = 0;
    for (Future<ChatReply> reply : replies) {
      try {
        reply.get();
      } catch (ExecutionException e) {
        failed++;
      }
    }
    assertEquals(1, failed);
    assertEquals(2, transport.calls());
  }

  @Test
  void stream_leaderIsClosedEarly_aFollowerTakesOver() throws Exception {
    answer = stream("Hel", "lo");
    modelIsDone.countDown();
    ChatStream leader = client.stream(ask("q", "'stream':true"), CONTEXT);
    leader.next();
    Future<String> follower =
        threads.submit(() -> drain(client.stream(ask("q", "'stream':true"), CONTEXT)));
    until(() -> cache.waiting() == 1);
    leader.close();
    assertEquals(answer, follower.get());
    assertEquals(2, transport.calls());
  }

  @Test
  void complete_answerIsNotAdmitted_everyoneAsksAlone() throws Exception {
    answer = completion("cut off", "length");
    List<Future<ChatReply>> replies = startTogether(() -> client.complete(ask("q"), CONTEXT));
    modelIsDone.countDown();
    for (Future<ChatReply> reply : replies) {
      reply.get();
    }
    assertEquals(CALLERS, transport.calls());
    assertEquals(0, cache.size());
  }

  @Test
  void complete_leaderIsSlowerThanTheTimeout_followerAsksAlone() throws Exception {
    ChatClient hasty =
        CacheLever.builder(cache).followTimeout(Duration.ZERO).build().over(transport);
    Future<ChatReply> leader = threads.submit(() -> hasty.complete(ask("q"), CONTEXT));
    until(() -> transport.calls() == 1);
    Future<ChatReply> follower = threads.submit(() -> hasty.complete(ask("q"), CONTEXT));
    until(() -> transport.calls() == 2);
    modelIsDone.countDown();
    assertTrue(leader.get().avoided().isEmpty());
    assertTrue(follower.get().avoided().isEmpty());
  }

  @Test
  void complete_leaderIsSlowerThanTheCallersPatience_followerAsksAlone() throws Exception {
    Future<ChatReply> leader = threads.submit(() -> client.complete(ask("q"), CONTEXT));
    until(() -> transport.calls() == 1);
    Future<ChatReply> follower =
        threads.submit(() -> client.complete(ask("q"), CONTEXT.waitMax(Duration.ofMillis(1))));
    until(() -> transport.calls() == 2);
    modelIsDone.countDown();
    assertTrue(leader.get().avoided().isEmpty());
    assertTrue(follower.get().avoided().isEmpty());
  }

  @Test
  void complete_otherTenant_doesNotWait() throws Exception {
    Future<ChatReply> acme = threads.submit(() -> client.complete(ask("q"), CONTEXT));
    Future<ChatReply> other =
        threads.submit(() -> client.complete(ask("q"), CONTEXT.tenant("other")));
    until(() -> transport.calls() == 2);
    assertEquals(0, cache.waiting());
    modelIsDone.countDown();
    acme.get();
    other.get();
  }

  @Test
  void settings_outOfRange_areRefused() {
    assertThrows(
        RuntimeException.class,
        () -> CacheLever.builder(cache).followTimeout(Duration.ofSeconds(-1)));
    assertThrows(
        RuntimeException.class, () -> CacheLever.builder(cache).temperatureMax(Double.NaN));
    assertThrows(RuntimeException.class, () -> CacheLever.builder(cache).answerBytesMax(0));
  }
}
