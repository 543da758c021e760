package dev.askonce.text;

import dev.askonce.engine.spi.Embedding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A few platform threads that embed, behind a bounded queue, so that no caller's thread (virtual or
 * not) is ever inside native code and every caller leaves by its deadline.
 *
 * <p>Threading: safe for any number of callers. Progress: a caller waits for a place in the queue
 * and then for its result, together no longer than its deadline; leaving early frees the place at
 * once. A run that has begun is finished and dropped.
 */
final class EmbeddingWorkers implements AutoCloseable {
  private static final class Job extends CompletableFuture<Embedding> {
    private final String text;

    Job(String text) {
      this.text = Objects.requireNonNull(text, "text");
    }
  }

  private final BlockingQueue<Job> queue;
  private final Thread[] threads;
  private volatile boolean closed;

  /**
   * @param encoders called once for each thread; owned and closed by it
   */
  EmbeddingWorkers(int threadCount, int queuedMax, Supplier<TextEncoder> encoders) {
    queue = new ArrayBlockingQueue<>(queuedMax);
    threads = new Thread[threadCount];
    List<TextEncoder> opened = new ArrayList<>(threadCount);
    try {
      for (int i = 0; i < threadCount; i++) {
        opened.add(encoders.get());
      }
    } catch (Throwable e) {
      opened.forEach(TextEncoder::close);
      throw e;
    }
    for (int i = 0; i < threadCount; i++) {
      TextEncoder encoder = opened.get(i);
      threads[i] =
          Thread.ofPlatform().daemon().name("askonce-embedder-" + i).start(() -> work(encoder));
    }
  }

  Embedding embed(String text, long timeoutNanos) throws TimeoutException {
    long deadline = System.nanoTime() + timeoutNanos;
    Job job = new Job(text);
    submit(job, deadline);
    try {
      return await(job, deadline);
    } finally {
      abandon(job);
    }
  }

  /**
   * {@return the embeddings in the order of the texts} Few of them are in the queue at a time, so
   * that a long list does not shut out single callers.
   */
  List<Embedding> embedAll(List<String> texts, long timeoutNanos) throws TimeoutException {
    long deadline = System.nanoTime() + timeoutNanos;
    int pendingMax = 2 * threads.length;
    ArrayDeque<Job> pending = new ArrayDeque<>(pendingMax);
    List<Embedding> embeddings = new ArrayList<>(texts.size());
    try {
      for (String text : texts) {
        if (pending.size() == pendingMax) {
          embeddings.add(await(pending.element(), deadline));
          pending.remove();
        }
        Job job = new Job(text);
        submit(job, deadline);
        pending.add(job);
      }
      while (!pending.isEmpty()) {
        embeddings.add(await(pending.element(), deadline));
        pending.remove();
      }
      return embeddings;
    } finally {
      pending.forEach(this::abandon);
    }
  }

  /** {@return how many texts wait for a thread} */
  int queued() {
    return queue.size();
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the embedder is closed");
    }
  }

  /** Lets the runs that have begun finish, refuses the rest, and returns when no thread is left. */
  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      thread.interrupt();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true; // a run is short; the model must not be freed under it
        }
      }
    }
    for (Job job = queue.poll(); job != null; job = queue.poll()) {
      job.cancel(false);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void submit(Job job, long deadline) throws TimeoutException {
    requireOpen();
    long left = deadline - System.nanoTime();
    try {
      if (left <= 0 || !queue.offer(job, left, TimeUnit.NANOSECONDS)) {
        throw new TimeoutException("no place for the text by the deadline, queued " + queued());
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
    // close() may have emptied the queue just before: then nobody else would ever take the job.
    if (closed && queue.remove(job)) {
      requireOpen();
    }
  }

  private Embedding await(Job job, long deadline) throws TimeoutException {
    try {
      return job.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new TimeoutException("text not embedded by the deadline, queued " + queued());
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (CancellationException e) {
      throw new IllegalStateException("the embedder was closed", e);
    } catch (ExecutionException e) {
      throw new ModelException("the text could not be embedded", e.getCause());
    }
  }

  private void abandon(Job job) {
    if (job.cancel(false)) {
      queue.remove(job);
    }
  }

  private static CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException("interrupted while waiting for an embedding");
  }

  private void work(TextEncoder encoder) {
    try (encoder) {
      while (!closed) {
        Job job = queue.take();
        if (!job.isDone()) {
          run(job, encoder);
        }
      }
    } catch (InterruptedException e) {
      assert closed : "only close() interrupts a worker";
    }
  }

  private static void run(Job job, TextEncoder encoder) {
    try {
      job.complete(encoder.encode(job.text));
    } catch (Throwable e) {
      job.completeExceptionally(e); // whatever it was, the thread serves the next text
    }
  }
}
