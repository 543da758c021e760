package dev.askonce.engine.internal.base;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts calls under way, so that closing can wait for them. Striped: callers on different cores
 * seldom write the same cache line.
 */
public final class Gate {
  private static final int STRIPES = 16;
  private static final int STRIDE = 16;
  private static final long PARK_NANOS = 50_000;

  private final AtomicIntegerArray counts = new AtomicIntegerArray(STRIPES * STRIDE);
  private volatile boolean closed;

  /** {@return the pass to hand back to {@link #exit}, or -1 if the gate is closed} */
  public int enter() {
    int pass = (int) (Thread.currentThread().threadId() & (STRIPES - 1)) * STRIDE;
    counts.incrementAndGet(pass);
    if (closed) {
      counts.decrementAndGet(pass);
      return -1;
    }
    return pass;
  }

  public void exit(int pass) {
    counts.decrementAndGet(pass);
  }

  public boolean isClosed() {
    return closed;
  }

  /** Lets nobody in from now on and waits until everybody is out. */
  public void close() {
    closed = true;
    for (int i = 0; i < STRIPES; i++) {
      while (counts.get(i * STRIDE) != 0) {
        LockSupport.parkNanos(PARK_NANOS);
      }
    }
  }
}
