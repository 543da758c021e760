package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.index.IndexSpace;
import dev.askonce.engine.internal.store.EntryTable;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * A bounded number of search contexts. A claim never waits: it takes a free context or none. They
 * are made when first needed and kept.
 */
final class ContextPool {
  /** At most this many searches at once; they hold a context for microseconds. */
  static final int SIZE = 128;

  /** The flags lie a cache line apart. */
  private static final int STRIDE = 16;

  private final EntryTable table;
  private final IndexSpace space;
  private final AtomicIntegerArray claimed = new AtomicIntegerArray(SIZE * STRIDE);
  private final AtomicReferenceArray<SearchContext> contexts = new AtomicReferenceArray<>(SIZE);

  ContextPool(EntryTable table, IndexSpace space) {
    this.table = table;
    this.space = space;
  }

  /** {@return a context for this thread alone until {@link #release}, or null} */
  SearchContext claim() {
    // Every thread begins at a place of its own, so that the flags seldom change hands.
    int start = (int) (Thread.currentThread().threadId() & (SIZE - 1));
    for (int i = 0; i < SIZE; i++) {
      int index = (start + i) & (SIZE - 1);
      if (claimed.get(index * STRIDE) == 0 && claimed.compareAndSet(index * STRIDE, 0, 1)) {
        SearchContext context = contexts.get(index);
        return context != null ? context : create(index);
      }
    }
    return null;
  }

  private SearchContext create(int index) {
    SearchContext context = new SearchContext(index, table, space);
    contexts.set(index, context);
    return context;
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
