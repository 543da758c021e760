package dev.askonce.bench.data;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells how far a long work is, at most once a second. Thread-safe if its sink is. */
public final class Progress {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Consumer<String> sink;
  private final AtomicLong toldNanos = new AtomicLong(System.nanoTime());

  public Progress(Consumer<String> sink) {
    this.sink = sink;
  }

  /** Tells, unless it has just done so. */
  public void tell(Supplier<String> line) {
    long now = System.nanoTime();
    long told = toldNanos.get();
    if (now - told >= INTERVAL_NANOS && toldNanos.compareAndSet(told, now)) {
      sink.accept(line.get());
    }
  }

  /** Tells in any case. */
  public void step(String line) {
    toldNanos.set(System.nanoTime());
    sink.accept(line);
  }
}
