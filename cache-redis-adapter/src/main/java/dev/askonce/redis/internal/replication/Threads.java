package dev.askonce.redis.internal.replication;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a thread that works on the store ends: by itself, since files close under an interrupt. */
final class Threads {
  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

  /** More than a command and a connection take, and what is done with a page of records. */
  private static final long END_SECONDS_MAX = 60;

  private Threads() {}

  /** Waits for a thread that was told to end. */
  static void end(Thread thread) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS_MAX);
    while (thread.isAlive() && System.nanoTime() < deadline) {
      try {
        thread.join(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (thread.isAlive()) {
      LOG.error("{} does not end", thread.getName());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
