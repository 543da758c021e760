package dev.askonce.engine.internal.cache;

import dev.askonce.engine.BulkEntry;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.internal.base.Gate;
import dev.askonce.engine.internal.base.Threads;
import dev.askonce.engine.internal.index.ScopeIndex;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Puts many entries and links them, on several threads; maintenance leaves the linking to them
 * meanwhile. One for each import.
 */
final class BulkImport {
  private static final int THREADS_MAX = 64;

  private final Core core;
  private final WritePath writePath;
  private final SemanticCache cache;
  private final Gate gate;
  private final AtomicLong stored = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * @param gate of the cache: once closed, the cache waits for this import in order to close, and
   *     what is not linked by then is linked after the next opening
   */
  BulkImport(Core core, WritePath writePath, SemanticCache cache, Gate gate) {
    this.core = core;
    this.writePath = writePath;
    this.cache = cache;
    this.gate = gate;
  }

  /** Runs the import. {@return how many entries were stored} */
  long run(Iterator<BulkEntry> entries, int threads) {
    if (threads < 1 || threads > THREADS_MAX) {
      throw new CacheException.InvalidOption("threads " + threads + " not in 1.." + THREADS_MAX);
    }
    core.importing.incrementAndGet();
    try {
      inParallel(threads, () -> putAll(entries));
      inParallel(threads, this::linkAll);
    } finally {
      core.importing.decrementAndGet();
    }
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
    return stored.get();
  }

  private void inParallel(int threads, Runnable work) {
    List<Thread> others = new ArrayList<>();
    guard(
        () -> {
          for (int i = 1; i < threads; i++) {
            others.add(
                Thread.ofPlatform().daemon().name("askonce-import-" + i).start(() -> guard(work)));
          }
        });
    // Where a thread could not be started, this and those before end at the failure.
    guard(work);
    for (Thread other : others) {
      // Not to be interrupted: the threads end when the entries do, or at the first failure.
      Threads.join(other);
    }
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private void putAll(Iterator<BulkEntry> entries) {
    while (failure.get() == null) {
      BulkEntry entry;
      synchronized (entries) {
        if (!entries.hasNext()) {
          return;
        }
        entry = entries.next();
      }
      if (put(entry).isPresent()) {
        stored.incrementAndGet();
      }
    }
  }

  private Optional<EntryId> put(BulkEntry entry) {
    if (entry.text().isPresent()) {
      return cache.put(entry.scope(), entry.text().get(), entry.answer(), entry.options());
    }
    return cache.put(entry.scope(), entry.vector().orElseThrow(), entry.answer(), entry.options());
  }

  private void linkAll() {
    for (ScopeIndex index : core.scopes.values()) {
      while (failure.get() == null && !gate.isClosed() && writePath.link(index, 1)) {}
    }
  }
}
