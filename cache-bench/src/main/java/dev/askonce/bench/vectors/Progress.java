package dev.askonce.bench.vectors;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a person who waits is told, at most every two seconds. Thread-safe. */
final class Progress {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Consumer<String> listener;
  private final AtomicLong saidNanos = new AtomicLong(System.nanoTime());

  Progress(Consumer<String> listener) {
    this.listener = listener;
  }

  /** Says where the work is, unless something was said just now. */
  void say(Supplier<String> message) {
    long now = System.nanoTime();
    long said = saidNanos.get();
    if (now - said > PAUSE_NANOS && saidNanos.compareAndSet(said, now)) {
      listener.accept(message.get());
    }
  }

  /** Says something that must be heard. */
  void tell(String message) {
    saidNanos.set(System.nanoTime());
    listener.accept(message);
  }
}
