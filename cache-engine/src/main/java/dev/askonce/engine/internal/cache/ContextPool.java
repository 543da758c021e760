package dev.askonce.engine.internal.cache;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * A bounded number of search contexts. A claim never waits: it takes a free context or none. One is
 * made where all others are in use, and kept: as many as there were searches at once, by however
 * many threads.
 */
class ContextPool {
  /** At most this many searches at once; they hold a context for microseconds. */
  static final int SIZE = 128;

  /** The flags lie a cache line apart. */
  private static final int STRIDE = 16;

  private final IntFunction<SearchContext> maker;
  private final AtomicIntegerArray claimed = new AtomicIntegerArray(SIZE * STRIDE);
  private final AtomicReferenceArray<SearchContext> contexts = new AtomicReferenceArray<>(SIZE);
  private final AtomicInteger made = new AtomicInteger();

  /**
   * @param maker makes the context of an index
   */
  ContextPool(IntFunction<SearchContext> maker) {
    this.maker = maker;
  }

  /** {@return a context for this thread alone until {@link #release}, or null} */
  SearchContext claim() {
    int known = made.get();
    if (known > 0) {
      // Every thread begins at a place of its own, so that the flags seldom change hands.
      int index = (int) (Thread.currentThread().threadId() % known);
      for (int i = 0; i < known; i++) {
        if (take(index)) {
          return taken(index);
        }
        index = index + 1 == known ? 0 : index + 1;
      }
    }
    for (int index = known; index < SIZE; index++) {
      if (take(index)) {
        return taken(index);
      }
    }
    return null;
  }

  /** {@return whether the context of an index is this thread's now} */
  boolean take(int index) {
    return claimed.get(index * STRIDE) == 0 && claimed.compareAndSet(index * STRIDE, 0, 1);
  }

  private SearchContext taken(int index) {
    SearchContext context = contexts.get(index);
    return context != null ? context : make(index);
  }

  private SearchContext make(int index) {
    boolean done = false;
    try {
      SearchContext context = maker.apply(index);
      contexts.set(index, context);
      made.accumulateAndGet(index + 1, Math::max);
      done = true;
      return context;
    } finally {
      if (!done) {
        claimed.set(index * STRIDE, 0);
      }
    }
  }

  void release(SearchContext context) {
    claimed.set(context.index * STRIDE, 0);
  }

  /** Visits every context made so far, in use or not. */
  void forEach(Consumer<SearchContext> visitor) {
    for (int i = 0; i < SIZE; i++) {
      SearchContext context = contexts.get(i);
      if (context != null) {
        visitor.accept(context);
      }
    }
  }
}
