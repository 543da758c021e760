package dev.askonce.bench.churn;

import dev.askonce.engine.CacheStats;
import dev.askonce.engine.SemanticCache;

/**
 * Lets puts go no faster than the cache can link and expire entries behind them: else there is no
 * steady state to measure, only a growing list.
 */
final class Pace {
  private static final int EXPIRED_MIN = 1024;
  private static final int EXPIRED_SHARE = 20;
  private static final int ASK_EVERY = 64;
  private static final long NAP_MILLIS = 1;
  private static final long SETTLED_NANOS = 2_000_000_000L;
  private static final int LINGERING = 4;

  private final SemanticCache cache;
  private final Settings settings;

  Pace(SemanticCache cache, Settings settings) {
    this.cache = cache;
    this.settings = settings;
  }

  /** {@return the capacity of a cache: the live ones and a few that have just expired} */
  static int entriesMax(int live) {
    return live + expiredMax(live);
  }

  private static int expiredMax(int live) {
    return Math.max(EXPIRED_MIN, live / EXPIRED_SHARE);
  }

  /** Waits, before put number {@code index}, until neither backlog is longer than allowed. */
  void await(int index) throws InterruptedException {
    if (index % ASK_EVERY != 0) {
      return;
    }
    int entriesMax = settings.live() + expiredMax(settings.live()) / 2;
    CacheStats stats = cache.stats();
    while (stats.entriesUnlinked() > settings.backlog() || stats.entries() > entriesMax) {
      Thread.sleep(NAP_MILLIS);
      stats = cache.stats();
    }
  }

  /** Waits until all is linked and what has expired is gone, or nothing changes any more. */
  void settle() throws InterruptedException {
    CacheStats stats = cache.stats();
    long changedNanos = System.nanoTime();
    while ((stats.entriesUnlinked() > 0 || stats.entries() > settings.live() + LINGERING)
        && System.nanoTime() - changedNanos < SETTLED_NANOS) {
      Thread.sleep(NAP_MILLIS);
      CacheStats next = cache.stats();
      if (next.entriesUnlinked() != stats.entriesUnlinked() || next.entries() != stats.entries()) {
        changedNanos = System.nanoTime();
      }
      stats = next;
    }
  }
}
