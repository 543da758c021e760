package dev.askonce.bench.data;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells how far a long work is, at most once a second. Not thread-safe. */
public final class Progress {
  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final Consumer<String> sink;
  private long toldNanos = System.nanoTime();

  public Progress(Consumer<String> sink) {
    this.sink = sink;
  }

  /** Tells, unless it has just done so. */
  public void tell(Supplier<String> line) {
    long now = System.nanoTime();
    if (now - toldNanos >= INTERVAL_NANOS) {
      toldNanos = now;
      sink.accept(line.get());
    }
  }

  /** Tells in any case. */
  public void step(String line) {
    toldNanos = System.nanoTime();
    sink.accept(line);
  }
}
