package dev.askonce.bench.churn;

import dev.askonce.engine.Candidates;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/** Threads that look up one question after another from their start to {@link #stop}. */
final class Readers {
  private static final float FLOOR = 0.8f;
  private static final int DIGITS = 3;

  private final SemanticCache cache;
  private final Scope scope;
  private final float[][] questions;
  private final Thread[] threads;
  private final Histogram[] nanos;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  Readers(SemanticCache cache, Scope scope, float[][] questions, int count) {
    this.cache = cache;
    this.scope = scope;
    this.questions = questions;
    threads = new Thread[count];
    nanos = new Histogram[count];
    for (int i = 0; i < count; i++) {
      int first = (int) ((long) questions.length * i / count);
      Histogram own = new Histogram(DIGITS);
      nanos[i] = own;
      threads[i] = Thread.ofPlatform().name("churn-reader-" + i).unstarted(() -> read(first, own));
      threads[i].setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    }
  }

  Readers start() {
    for (Thread thread : threads) {
      thread.start();
    }
    return this;
  }

  private void read(int first, Histogram own) {
    Candidates found = new Candidates();
    for (int i = first; !stopped; i = i + 1 == questions.length ? 0 : i + 1) {
      long started = System.nanoTime();
      cache.nearest(scope, questions[i], FLOOR, Recall.COUNT, found);
      own.recordValue(System.nanoTime() - started);
    }
  }

  /** {@return the latencies of all lookups, in nanoseconds} */
  Histogram stop() throws InterruptedException {
    stopped = true;
    Histogram all = new Histogram(DIGITS);
    for (int i = 0; i < threads.length; i++) {
      threads[i].join();
      all.add(nanos[i]);
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a reader failed", failure.get());
    }
    return all;
  }
}
