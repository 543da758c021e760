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
class ModelWorkersTest {
  private static final long SHORT = Duration.ofMillis(20).toNanos();
  private static final long LONG = Duration.ofSeconds(20).toNanos();
  private static final String HOLD = "hold";

  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger encoded = new AtomicInteger();
  private final AtomicInteger closedEncoders = new AtomicInteger();

  /** The length of the text as a vector; {@link #HOLD} keeps the thread until released. */
  private final class LengthEncoder implements Inference<String, Embedding> {
    @Override
    public Embedding run(String text) {
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

  private ModelWorkers<String, Embedding> workers(int threads, int queuedMax) {
    return new ModelWorkers<>("embedder", threads, queuedMax, LengthEncoder::new);
  }

  private CompletableFuture<Embedding> hold(ModelWorkers<String, Embedding> workers)
      throws InterruptedException {
    CompletableFuture<Embedding> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(workers.run(HOLD, LONG));
              } catch (TimeoutException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    held.await();
    return result;
  }

  @Test
  void run_threadBusy_timesOutAndGivesItsPlaceBack() throws Exception {
    try (ModelWorkers<String, Embedding> workers = workers(1, 1)) {
      CompletableFuture<Embedding> holder = hold(workers);
      for (int i = 0; i < 5; i++) {
        assertThrows(TimeoutException.class, () -> workers.run("abc", SHORT));
        assertEquals(0, workers.queued());
      }
      release.countDown();
      assertEquals(4, holder.get().vector()[0]);
      assertEquals(3, workers.run("abc", LONG).vector()[0]);
      assertEquals(2, encoded.get(), "abandoned texts are not embedded");
    }
  }

  @Test
  void run_queueFull_timesOut() throws Exception {
    try (ModelWorkers<String, Embedding> workers = workers(1, 1)) {
      hold(workers);
      Thread queued = Thread.ofVirtual().start(() -> assertInterrupted(workers));
      while (workers.queued() == 0) {
        Thread.onSpinWait();
      }
      assertThrows(TimeoutException.class, () -> workers.run("abc", SHORT));
      queued.interrupt();
      queued.join();
      assertEquals(0, workers.queued());
      release.countDown();
    }
  }

  private static void assertInterrupted(ModelWorkers<String, Embedding> workers) {
    assertThrows(CancellationException.class, () -> workers.run("waiting", LONG));
  }

  @Test
  void run_noTimeLeft_timesOutWithoutARun() {
    try (ModelWorkers<String, Embedding> workers = workers(1, 1)) {
      assertThrows(TimeoutException.class, () -> workers.run("abc", 0));
      assertThrows(TimeoutException.class, () -> workers.run("abc", -1));
      assertEquals(0, encoded.get());
    }
  }

  @Test
  void run_interrupted_keepsTheStatus() {
    try (ModelWorkers<String, Embedding> workers = workers(1, 1)) {
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> workers.run("abc", LONG));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void run_encoderFails_reportsTheCauseAndServesOn() throws Exception {
    try (ModelWorkers<String, Embedding> workers = workers(1, 1)) {
      ModelException failure = assertThrows(ModelException.class, () -> workers.run("", LONG));
      assertInstanceOf(IllegalArgumentException.class, failure.getCause());
      assertEquals(3, workers.run("abc", LONG).vector()[0]);
    }
  }

  @Test
  void runAll_moreTextsThanPlaces_keepsTheOrder() throws Exception {
    List<String> texts = IntStream.rangeClosed(1, 500).mapToObj("x"::repeat).toList();
    try (ModelWorkers<String, Embedding> workers = workers(3, 2)) {
      List<Embedding> embeddings = workers.runAll(texts, LONG);
      for (int i = 0; i < texts.size(); i++) {
        assertEquals(i + 1, embeddings.get(i).vector()[0]);
      }
      assertEquals(0, workers.runAll(List.of(), LONG).size());
    }
  }

  @Test
  void runAll_threadBusy_timesOutAndEmptiesTheQueue() throws Exception {
    try (ModelWorkers<String, Embedding> workers = workers(1, 8)) {
      hold(workers);
      assertThrows(TimeoutException.class, () -> workers.runAll(List.of("a", "b", "c"), SHORT));
      assertEquals(0, workers.queued());
      release.countDown();
    }
  }

  @Test
  void close_textsWaiting_refusesThemAndFinishesTheRun() throws Exception {
    ModelWorkers<String, Embedding> workers = workers(1, 4);
    CompletableFuture<Embedding> holder = hold(workers);
    CompletableFuture<Throwable> refusal = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                refusal.complete(
                    assertThrows(Throwable.class, () -> workers.run("waiting", LONG))));
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
    assertThrows(IllegalStateException.class, () -> workers.run("late", LONG));
    workers.close();
  }

  private static boolean isClosed(ModelWorkers<String, Embedding> workers) {
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
            new ModelWorkers<String, Embedding>(
                "embedder",
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
