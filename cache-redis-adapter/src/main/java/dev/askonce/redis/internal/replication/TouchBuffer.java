package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What answered callers since the others were told last. Lossy: when it is full, more is not noted;
 * a touch is a hint.
 *
 * <p>Threading: {@link #add} by any thread, without waiting or allocating; {@link #drain} by one.
 */
final class TouchBuffer {
  private static final int SIZE = 1024;

  private final Hash128[] scopes = new Hash128[SIZE];
  private final Hash128[] keys = new Hash128[SIZE];
  private final AtomicInteger next = new AtomicInteger();

  void add(Hash128 scope, Hash128 key) {
    if (next.get() >= SIZE) {
      return;
    }
    int at = next.getAndIncrement();
    if (at < SIZE) {
      // A drain in between sees half of it, or none: it skips what does not fit together.
      scopes[at] = scope;
      keys[at] = key;
    }
  }

  /** {@return what was noted, by scope, and begins anew} */
  Map<Hash128, Set<Hash128>> drain() {
    int count = Math.min(next.get(), SIZE);
    Map<Hash128, Set<Hash128>> touched = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Hash128 scope = scopes[i];
      Hash128 key = keys[i];
      scopes[i] = null;
      keys[i] = null;
      if (scope != null && key != null) {
        touched.computeIfAbsent(scope, s -> new HashSet<>()).add(key);
      }
    }
    next.set(0);
    return touched;
  }
}
