package dev.askonce.optimizer.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.optimizer.chat.ChatException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SharedEmbedderTest {
  private static final Duration LONG = Duration.ofSeconds(100);

  private final Model model = new Model();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    model.gate.countDown();
    threads.shutdownNow();
  }

  /** Notes each call; a text that begins with "slow" waits at the gate. */
  private static final class Model implements Embedder {
    final List<List<String>> calls = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch gate = new CountDownLatch(1);
    final CountDownLatch atTheGate = new CountDownLatch(1);
    volatile boolean closed;

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public String fingerprint() {
      return "model";
    }

    @Override
    public Embedding embed(String text, Duration timeout) throws TimeoutException {
      return embedAll(List.of(text), timeout).get(0);
    }

    @Override
    public List<Embedding> embedAll(List<String> texts, Duration timeout) throws TimeoutException {
      calls.add(List.copyOf(texts));
      if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
        throw new TimeoutException("no time");
      }
      List<Embedding> embeddings = new ArrayList<>();
      for (String text : texts) {
        if (text.startsWith("slow")) {
          atTheGate.countDown();
          try {
            gate.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }
        if (text.startsWith("bad")) {
          throw new IllegalArgumentException("cannot read it");
        }
        embeddings.add(new Embedding(new float[] {text.hashCode()}, false));
      }
      return embeddings;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private Future<Embedding> ask(SharedEmbedder embedder, String text) {
    return threads.submit(() -> embedder.embed(text, LONG));
  }

  /** Returns once so many callers wait for a vector. */
  private static void awaitWaiting(SharedEmbedder embedder, int callers) {
    while (embedder.waiting() < callers) {
      Thread.yield();
    }
  }

  @Test
  void textThatWasAskedForLately_isNotComputedAgain() throws Exception {
    SharedEmbedder embedder = SharedEmbedder.builder(model).textsMax(2).build();
    Embedding first = embedder.embed("a", LONG);
    assertSame(first, embedder.embed("a", LONG));
    embedder.embed("b", LONG);
    embedder.embed("a", LONG);
    embedder.embed("c", LONG);
    assertSame(first, embedder.embed("a", LONG));
    embedder.embed("b", LONG);
    assertEquals(List.of(List.of("a"), List.of("b"), List.of("c"), List.of("b")), model.calls);
    assertEquals(new SharedEmbedder.Counts(3, 0, 0, 4), embedder.counts());
  }

  @Test
  void longText_isNotKept() throws Exception {
    SharedEmbedder embedder = SharedEmbedder.builder(model).textsMax(1).build();
    String text = "x".repeat(5_000);
    embedder.embed(text, LONG);
    embedder.embed(text, LONG);
    assertEquals(2, model.calls.size());
  }

  @Test
  void callersOfEqualTexts_shareOneComputation() throws Exception {
    SharedEmbedder embedder = SharedEmbedder.builder(model).runsMax(8).build();
    List<Future<Embedding>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(ask(embedder, "slow"));
    }
    awaitWaiting(embedder, 19);
    model.gate.countDown();
    for (Future<Embedding> one : asked) {
      assertSame(asked.get(0).get(), one.get());
    }
    assertEquals(List.of(List.of("slow")), model.calls);
    assertEquals(19, embedder.counts().shared());
  }

  @Test
  void textsThatWait_areComputedInOneCall() throws Exception {
    SharedEmbedder embedder = SharedEmbedder.builder(model).runsMax(1).batchMax(4).build();
    List<Future<Embedding>> asked = new ArrayList<>();
    asked.add(ask(embedder, "slow"));
    model.atTheGate.await();
    for (int i = 0; i < 6; i++) {
      asked.add(ask(embedder, "q" + i));
    }
    awaitWaiting(embedder, 6);
    model.gate.countDown();
    for (int i = 0; i < 6; i++) {
      assertEquals((float) ("q" + i).hashCode(), asked.get(i + 1).get().vector()[0]);
    }
    assertEquals(3, model.calls.size(), model.calls.toString());
    assertEquals(4, model.calls.get(1).size());
    assertEquals(2, model.calls.get(2).size());
  }

  @Test
  void loneCaller_isComputedAtOnceAndAlone() throws Exception {
    SharedEmbedder embedder = SharedEmbedder.of(model);
    embedder.embed("a", LONG);
    assertEquals(List.of(List.of("a")), model.calls);
    assertEquals(0, embedder.counts().merged());
  }

  @Test
  void textAtFault_failsItsOwnCallerAlone() throws Exception {
    SharedEmbedder embedder = SharedEmbedder.builder(model).runsMax(1).build();
    Future<Embedding> slow = ask(embedder, "slow");
    model.atTheGate.await();
    Future<Embedding> bad = ask(embedder, "bad");
    Future<Embedding> good = ask(embedder, "good");
    awaitWaiting(embedder, 2);
    model.gate.countDown();
    slow.get();
    assertEquals((float) "good".hashCode(), good.get().vector()[0]);
    ExecutionException e = assertThrows(ExecutionException.class, bad::get);
    assertEquals("cannot read it", e.getCause().getMessage());
  }

  @Test
  void callerOutOfTime_leavesAndOthersGoOn() throws Exception {
    SharedEmbedder embedder = SharedEmbedder.builder(model).runsMax(1).build();
    Future<Embedding> slow = ask(embedder, "slow");
    model.atTheGate.await();
    Future<Embedding> hurried = threads.submit(() -> embedder.embed("a", Duration.ofMillis(20)));
    ExecutionException e = assertThrows(ExecutionException.class, hurried::get);
    assertInstanceOf(TimeoutException.class, e.getCause());
    Future<Embedding> patient = ask(embedder, "a");
    model.gate.countDown();
    slow.get();
    assertEquals((float) "a".hashCode(), patient.get().vector()[0]);
    assertThrows(TimeoutException.class, () -> embedder.embed("b", Duration.ofNanos(-1)));
  }

  @Test
  void manyAtOnce_haveTheirOwnVectors() throws Exception {
    long seed = 20251115;
    Random random = new Random(seed);
    SharedEmbedder embedder =
        SharedEmbedder.builder(model).runsMax(2).batchMax(5).textsMax(10).build();
    List<String> texts = new ArrayList<>();
    List<Future<Embedding>> asked = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      texts.add("t" + random.nextInt(60));
      asked.add(ask(embedder, texts.get(i)));
    }
    for (int i = 0; i < 2_000; i++) {
      assertEquals((float) texts.get(i).hashCode(), asked.get(i).get().vector()[0], "seed " + seed);
    }
    assertTrue(model.calls.stream().allMatch(call -> call.size() <= 5));
  }

  @Test
  void embedAll_asksForWhatIsMissingOnce() throws Exception {
    SharedEmbedder embedder = SharedEmbedder.of(model);
    embedder.embed("a", LONG);
    List<Embedding> all = embedder.embedAll(List.of("b", "a", "b", "c"), LONG);
    assertSame(all.get(0), all.get(2));
    assertEquals((float) "a".hashCode(), all.get(1).vector()[0]);
    assertEquals(List.of(List.of("a"), List.of("b", "c")), model.calls);
  }

  @Test
  void itIsTheInnerEmbedder() {
    SharedEmbedder embedder = SharedEmbedder.of(model);
    assertEquals("model", embedder.fingerprint());
    assertEquals(1, embedder.dimension());
    embedder.close();
    assertTrue(model.closed);
    assertThrows(
        ChatException.InvalidSetting.class, () -> SharedEmbedder.builder(model).runsMax(0));
  }
}
