package dev.askonce.engine.internal.base;

/** Waiting for threads of our own. */
public final class Threads {
  private Threads() {}

  /**
   * Waits until a thread has ended, whatever interrupts: who goes on to release what it uses must
   * not do so before. An interrupt is kept for the caller.
   */
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
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
