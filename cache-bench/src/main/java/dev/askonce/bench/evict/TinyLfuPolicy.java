package dev.askonce.bench.evict;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;

/** Caffeine: W-TinyLFU with an adaptive window. */
final class TinyLfuPolicy implements Policy {
  private final Cache<Integer, Boolean> cache;
  private long evictions;

  TinyLfuPolicy(Requests requests, Budget budget) {
    // On the calling thread: what a policy decides must not depend on when a pool has time.
    Caffeine<Object, Object> builder = Caffeine.newBuilder().executor(Runnable::run);
    Caffeine<Integer, Boolean> counting =
        builder.evictionListener((Integer key, Boolean value, RemovalCause cause) -> evictions++);
    cache =
        switch (budget.kind()) {
          case ENTRIES -> counting.maximumSize(budget.size()).build();
          case BYTES ->
              counting
                  .maximumWeight(budget.size())
                  .weigher((Integer key, Boolean value) -> requests.bytes()[key])
                  .build();
        };
  }

  @Override
  public boolean request(int key) {
    boolean hit = cache.getIfPresent(key) != null;
    if (!hit) {
      cache.put(key, Boolean.TRUE);
    }
    return hit;
  }

  @Override
  public long evictions() {
    return evictions;
  }
}
