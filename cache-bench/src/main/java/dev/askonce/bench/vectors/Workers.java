package dev.askonce.bench.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Work for several threads. One thread is the caller's own. */
final class Workers {
  /** A piece of work with a number. */
  interface Piece {
    void run(int number) throws Exception;
  }

  private Workers() {}

  /**
   * Does {@code count} pieces on {@code threads} threads, each thread the next that is not taken.
   *
   * @throws IllegalStateException if a piece throws a checked exception
   */
  static void forEach(int threads, int count, Piece piece) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Runnable work =
        () -> {
          try {
            for (int i; failed.get() == null && (i = next.getAndIncrement()) < count; ) {
              piece.run(i);
            }
          } catch (Exception | Error e) {
            failed.compareAndSet(null, e);
          }
        };
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, count); i++) {
      others.add(Thread.ofPlatform().daemon().start(work));
    }
    work.run();
    for (Thread other : others) {
      other.join();
    }
    switch (failed.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e.toString(), e);
    }
  }
}
