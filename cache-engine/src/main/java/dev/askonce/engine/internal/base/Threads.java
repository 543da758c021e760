package dev.askonce.engine.internal.base;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Waiting for threads of our own. */
public final class Threads {
  private Threads() {}

  private interface Waiting {
    void run() throws InterruptedException;
  }

  /**
   * Waits until a thread has ended, whatever interrupts: who goes on to release what it uses must
   * not do so before. An interrupt is kept for the caller.
   */
  public static void join(Thread thread) {
    whateverInterrupts(thread::join);
  }

  /** Waits until a latch is open, whatever interrupts. An interrupt is kept for the caller. */
  public static void await(CountDownLatch latch) {
    whateverInterrupts(latch::await);
  }

  /**
   * Waits for the end of an executor that was shut down, whatever interrupts. An interrupt is kept
   * for the caller.
   *
   * @return whether it has ended
   */
  public static boolean awaitEnd(ExecutorService executor, int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    whateverInterrupts(
        () -> executor.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS));
    return executor.isTerminated();
  }

  private static void whateverInterrupts(Waiting waiting) {
    boolean interrupted = false;
    while (true) {
      try {
        waiting.run();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
