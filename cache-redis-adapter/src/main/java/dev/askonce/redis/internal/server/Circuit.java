package dev.askonce.redis.internal.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps callers from a server that fails: after {@code failuresMax} failures in a row it admits one
 * attempt per back-off period, until one succeeds.
 *
 * <pre>
 *            failuresMax in a row
 *   closed ────────────────────────▶ open ──▶ one attempt each back-off
 *      ▲                               │              │
 *      └───────────────────────────────┴── success ◀──┘
 * </pre>
 *
 * <p>Threading: any thread; lock-free. A few attempts more than promised may slip through while it
 * opens: they only cost their own time.
 */
final class Circuit {
  private final int failuresMax;
  private final long backoffNanos;
  private final LongSupplier nanoTime;
  private final AtomicInteger failuresInRow = new AtomicInteger();
  private final AtomicLong retryAtNanos = new AtomicLong();

  /**
   * @param nanoTime monotonic, as {@link System#nanoTime}: a wall clock set back would keep the
   *     circuit open for as long
   */
  Circuit(int failuresMax, long backoffNanos, LongSupplier nanoTime) {
    this.failuresMax = failuresMax;
    this.backoffNanos = backoffNanos;
    this.nanoTime = nanoTime;
  }

  /** {@return whether an attempt may be made now} */
  boolean admits() {
    if (failuresInRow.get() < failuresMax) {
      return true;
    }
    long due = retryAtNanos.get();
    long now = nanoTime.getAsLong();
    return now - due >= 0 && retryAtNanos.compareAndSet(due, now + backoffNanos);
  }

  /** {@return whether this success closed the circuit} */
  boolean succeeded() {
    return failuresInRow.get() != 0 && failuresInRow.getAndSet(0) >= failuresMax;
  }

  /** {@return whether this failure opened the circuit} */
  boolean failed() {
    // Before the count: whoever sees the circuit open must see its time, too.
    retryAtNanos.set(nanoTime.getAsLong() + backoffNanos);
    return failuresInRow.incrementAndGet() == failuresMax;
  }
}
