package dev.askonce.text;

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
 * A few platform threads that run a model, behind a bounded queue, so that no caller's thread
 * (virtual or not) is ever inside native code and every caller leaves by its deadline.
 *
 * <p>Threading: safe for any number of callers. Progress: a caller waits for a place in the queue
 * and then for its result, together no longer than its deadline; leaving early frees the place at
 * once. A run that has begun is finished and dropped.
 *
 * @param <Q> what is asked of the model
 * @param <R> what it says
 */
final class ModelWorkers<Q, R> implements AutoCloseable {
  private static final class Job<Q, R> extends CompletableFuture<R> {
    private final Q question;

    Job(Q question) {
      this.question = Objects.requireNonNull(question, "text");
    }
  }

  private final String name;
  private final BlockingQueue<Job<Q, R>> queue;
  private final Thread[] threads;
  private volatile boolean closed;

  /**
   * @param name what the threads work for, in their names and in errors
   * @param inferences called once for each thread; owned and closed by it
   */
  ModelWorkers(String name, int threadCount, int queuedMax, Supplier<Inference<Q, R>> inferences) {
    this.name = name;
    queue = new ArrayBlockingQueue<>(queuedMax);
    threads = new Thread[threadCount];
    List<Inference<Q, R>> opened = new ArrayList<>(threadCount);
    try {
      for (int i = 0; i < threadCount; i++) {
        opened.add(inferences.get());
      }
    } catch (Throwable e) {
      opened.forEach(Inference::close);
      throw e;
    }
    for (int i = 0; i < threadCount; i++) {
      Inference<Q, R> inference = opened.get(i);
      threads[i] =
          Thread.ofPlatform()
              .daemon()
              .name("askonce-" + name + "-" + i)
              .start(() -> work(inference));
    }
  }

  R run(Q question, long timeoutNanos) throws TimeoutException {
    long deadline = System.nanoTime() + timeoutNanos;
    Job<Q, R> job = new Job<>(question);
    submit(job, deadline);
    try {
      return await(job, deadline);
    } finally {
      abandon(job);
    }
  }

  /**
   * {@return the results in the order of the questions} Few of them are in the queue at a time, so
   * that a long list does not shut out single callers.
   */
  List<R> runAll(List<Q> questions, long timeoutNanos) throws TimeoutException {
    long deadline = System.nanoTime() + timeoutNanos;
    int pendingMax = 2 * threads.length;
    ArrayDeque<Job<Q, R>> pending = new ArrayDeque<>(pendingMax);
    List<R> results = new ArrayList<>(questions.size());
    try {
      for (Q question : questions) {
        if (pending.size() == pendingMax) {
          results.add(await(pending.element(), deadline));
          pending.remove();
        }
        Job<Q, R> job = new Job<>(question);
        submit(job, deadline);
        pending.add(job);
      }
      while (!pending.isEmpty()) {
        results.add(await(pending.element(), deadline));
        pending.remove();
      }
      return results;
    } finally {
      pending.forEach(this::abandon);
    }
  }

  /** {@return how many questions wait for a thread} */
  int queued() {
    return queue.size();
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the " + name + " is closed");
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
    for (Job<Q, R> job = queue.poll(); job != null; job = queue.poll()) {
      job.cancel(false);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void submit(Job<Q, R> job, long deadline) throws TimeoutException {
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

  private R await(Job<Q, R> job, long deadline) throws TimeoutException {
    try {
      return job.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new TimeoutException(
          "the " + name + " gave no result by the deadline, queued " + queued());
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (CancellationException e) {
      throw new IllegalStateException("the " + name + " was closed", e);
    } catch (ExecutionException e) {
      throw new ModelException("the " + name + " failed on a text", e.getCause());
    }
  }

  private void abandon(Job<Q, R> job) {
    if (job.cancel(false)) {
      queue.remove(job);
    }
  }

  private CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException("interrupted while waiting for the " + name);
  }

  private void work(Inference<Q, R> inference) {
    try (inference) {
      while (!closed) {
        Job<Q, R> job = queue.take();
        if (!job.isDone()) {
          run(job, inference);
        }
      }
    } catch (InterruptedException e) {
      assert closed : "only close() interrupts a worker";
    }
  }

  private static <Q, R> void run(Job<Q, R> job, Inference<Q, R> inference) {
    try {
      job.complete(inference.run(job.question));
    } catch (Throwable e) {
      job.completeExceptionally(e); // whatever it was, the thread serves the next question
    }
  }
}
