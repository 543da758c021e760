package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.internal.base.Interleavings;
import dev.askonce.engine.internal.index.IndexSpace;
import dev.askonce.engine.internal.kernel.Kernels;
import dev.askonce.engine.internal.store.EntryTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextPoolTest {
  private static final int DIMENSION = 8;

  @TempDir Path directory;
  private EntryTable table;
  private IndexSpace space;
  private ContextPool pool;

  @BeforeEach
  void open() throws IOException {
    table = new EntryTable(directory, new UUID(3, 5), DIMENSION, 16);
    space = new IndexSpace(table, Kernels.chosen(), 1, 32);
    pool = new ContextPool(index -> new SearchContext(index, table, space));
  }

  @AfterEach
  void close() {
    space.close();
    table.close();
  }

  private int made() {
    AtomicInteger count = new AtomicInteger();
    pool.forEach(context -> count.incrementAndGet());
    return count.get();
  }

  @Test
  void claim_manyThreadsInTurn_makesOneContext() throws InterruptedException {
    AtomicReference<SearchContext> first = new AtomicReference<>();
    for (int i = 0; i < 50; i++) {
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    SearchContext context = pool.claim();
                    first.compareAndSet(null, context);
                    pool.release(context);
                  });
      thread.join();
    }
    assertNotNull(first.get());
    assertEquals(1, made());
  }

  @Test
  void claim_allInUse_givesNoneUntilOneIsReleased() {
    List<SearchContext> claimed = new ArrayList<>();
    Set<Integer> places = new HashSet<>();
    for (int i = 0; i < ContextPool.SIZE; i++) {
      claimed.add(pool.claim());
      assertTrue(places.add(claimed.get(i).index), "in use twice");
    }
    assertNull(pool.claim());
    pool.release(claimed.get(77));
    assertEquals(claimed.get(77), pool.claim());
    assertNull(pool.claim());
  }

  @Test
  void claim_manyThreadsAtOnce_nobodySharesAndNoMoreAreMade() throws InterruptedException {
    int threads = 8;
    Set<SearchContext> inUse = ConcurrentHashMap.newKeySet();
    AtomicInteger shared = new AtomicInteger();
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      running.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 20_000; i++) {
                      SearchContext context = pool.claim();
                      shared.addAndGet(inUse.add(context) ? 0 : 1);
                      inUse.remove(context);
                      pool.release(context);
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    assertEquals(0, shared.get());
    assertTrue(made() <= 2 * threads, made() + " contexts for " + threads + " threads");
  }

  /** Threads that claim contexts, which are made beforehand: making one is slow. */
  public static class Claims {
    private static final SearchContext[] MADE = new SearchContext[2];

    static {
      EntryTable table = new EntryTable(Path.of("none"), new UUID(3, 6), DIMENSION, 16);
      IndexSpace space = new IndexSpace(table, Kernels.chosen(), 1, 32);
      Arrays.setAll(MADE, index -> new SearchContext(index, table, space));
    }

    private final ContextPool pool = pool();
    private final AtomicIntegerArray holders = new AtomicIntegerArray(MADE.length);

    ContextPool pool() {
      return new ContextPool(index -> MADE[index]);
    }

    /** {@return whether the context was this thread's alone} */
    @Operation
    public boolean use() {
      SearchContext context = pool.claim();
      boolean alone = holders.incrementAndGet(context.index) == 1;
      holders.decrementAndGet(context.index);
      pool.release(context);
      return alone;
    }
  }

  /** Takes a context without a look at whether it is another's. */
  public static class TakesUnasked extends Claims {
    @Override
    ContextPool pool() {
      return new ContextPool(index -> Claims.MADE[index]) {
        @Override
        boolean take(int index) {
          super.take(index);
          return true;
        }
      };
    }
  }

  @Test
  @Tag("interleavings")
  void claim_anyOrder_nobodyShares() {
    Interleavings.requireRight(Claims.class);
  }

  @Test
  @Tag("interleavings")
  void claim_takenUnasked_isFoundOut() {
    Interleavings.requireWrong(TakesUnasked.class);
  }
}
