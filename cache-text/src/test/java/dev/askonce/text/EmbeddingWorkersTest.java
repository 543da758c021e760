package dev.askonce.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EmbeddingWorkersTest {
  private static final long SHORT = Duration.ofMillis(20).toNanos();
  private static final long LONG = Duration.ofSeconds(20).toNanos();
  private static final String HOLD = "hold";

  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger encoded = new AtomicInteger();
  private final AtomicInteger closedEncoders = new AtomicInteger();

  /** The length of the text as a vector; {@link #HOLD} keeps the thread until released. */
  private final class LengthEncoder implements TextEncoder {
    @Override
    public Embedding encode(String text) {
      if (text.equals(HOLD)) {
        held.countDown();
        awaitRelease();
      } else if (text.isEmpty()) {
        throw new IllegalArgumentException("no text");
      }
      encoded.incrementAndGet();
      return new Embedding(new float[] {text.length()}, false);
    }

    @Override
    public void close() {
      closedEncoders.incrementAndGet();
    }
  }

  /** As native code does, goes on when interrupted. */
  private void awaitRelease() {
    boolean interrupted = true;
    while (interrupted) {
      try {
        release.await();
        interrupted = false;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  @AfterEach
  void releaseThreads() {
    release.countDown();
  }

  private EmbeddingWorkers workers(int threads, int queuedMax) {
    return new EmbeddingWorkers(threads, queuedMax, LengthEncoder::new);
  }

  private CompletableFuture<Embedding> hold(EmbeddingWorkers workers) throws InterruptedException {
    CompletableFuture<Embedding> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(workers.embed(HOLD, LONG));
              } catch (TimeoutException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    held.await();
    return result;
  }

  @Test
  void embed_threadBusy_timesOutAndGivesItsPlaceBack() throws Exception {
    try (EmbeddingWorkers workers = workers(1, 1)) {
      CompletableFuture<Embedding> holder = hold(workers);
      for (int i = 0; i < 5; i++) {
        assertThrows(TimeoutException.class, () -> workers.embed("abc", SHORT));
        assertEquals(0, workers.queued());
      }
      release.countDown();
      assertEquals(4, holder.get().vector()[0]);
      assertEquals(3, workers.embed("abc", LONG).vector()[0]);
      assertEquals(2, encoded.get(), "abandoned texts are not embedded");
    }
  }

  @Test
  void embed_queueFull_timesOut() throws Exception {
    try (EmbeddingWorkers workers = workers(1, 1)) {
      hold(workers);
      Thread queued = Thread.ofVirtual().start(() -> assertInterrupted(workers));
      while (workers.queued() == 0) {
        Thread.onSpinWait();
      }
      assertThrows(TimeoutException.class, () -> workers.embed("abc", SHORT));
      queued.interrupt();
      queued.join();
      assertEquals(0, workers.queued());
      release.countDown();
    }
  }

  private static void assertInterrupted(EmbeddingWorkers workers) {
    assertThrows(CancellationException.class, () -> workers.embed("waiting", LONG));
  }

  @Test
  void embed_noTimeLeft_timesOutWithoutARun() {
    try (EmbeddingWorkers workers = workers(1, 1)) {
      assertThrows(TimeoutException.class, () -> workers.embed("abc", 0));
      assertThrows(TimeoutException.class, () -> workers.embed("abc", -1));
      assertEquals(0, encoded.get());
    }
  }

  @Test
  void embed_interrupted_keepsTheStatus() {
    try (EmbeddingWorkers workers = workers(1, 1)) {
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> workers.embed("abc", LONG));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void embed_encoderFails_reportsTheCauseAndServesOn() throws Exception {
    try (EmbeddingWorkers workers = workers(1, 1)) {
      ModelException failure = assertThrows(ModelException.class, () -> workers.embed("", LONG));
      assertInstanceOf(IllegalArgumentException.class, failure.getCause());
      assertEquals(3, workers.embed("abc", LONG).vector()[0]);
    }
  }

  @Test
  void embedAll_moreTextsThanPlaces_keepsTheOrder() throws Exception {
    List<String> texts = IntStream.rangeClosed(1, 500).mapToObj("x"::repeat).toList();
    try (EmbeddingWorkers workers = workers(3, 2)) {
      List<Embedding> embeddings = workers.embedAll(texts, LONG);
      for (int i = 0; i < texts.size(); i++) {
        assertEquals(i + 1, embeddings.get(i).vector()[0]);
      }
      assertEquals(0, workers.embedAll(List.of(), LONG).size());
    }
  }

  @Test
  void embedAll_threadBusy_timesOutAndEmptiesTheQueue() throws Exception {
    try (EmbeddingWorkers workers = workers(1, 8)) {
      hold(workers);
      assertThrows(TimeoutException.class, () -> workers.embedAll(List.of("a", "b", "c"), SHORT));
      assertEquals(0, workers.queued());
      release.countDown();
    }
  }

  @Test
  void close_textsWaiting_refusesThemAndFinishesTheRun() throws Exception {
    EmbeddingWorkers workers = workers(1, 4);
    CompletableFuture<Embedding> holder = hold(workers);
    CompletableFuture<Throwable> refusal = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                refusal.complete(
                    assertThrows(Throwable.class, () -> workers.embed("waiting", LONG))));
    while (workers.queued() == 0) {
      Thread.onSpinWait();
    }
    Thread closer = Thread.ofVirtual().start(workers::close);
    while (!isClosed(workers)) {
      Thread.onSpinWait();
    }
    release.countDown();
    closer.join();
    assertEquals(4, holder.get().vector()[0]);
    assertEquals(IllegalStateException.class, refusal.get().getClass());
    assertEquals(1, closedEncoders.get());
    assertThrows(IllegalStateException.class, () -> workers.embed("late", LONG));
    workers.close();
  }

  private static boolean isClosed(EmbeddingWorkers workers) {
    try {
      workers.requireOpen();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @Test
  void open_encoderFails_closesTheOthers() {
    AtomicInteger opened = new AtomicInteger();
    assertThrows(
        ModelException.class,
        () ->
            new EmbeddingWorkers(
                3,
                1,
                () -> {
                  if (opened.incrementAndGet() == 3) {
                    throw new ModelException("no memory");
                  }
                  return new LengthEncoder();
                }));
    assertEquals(2, closedEncoders.get());
  }
}
