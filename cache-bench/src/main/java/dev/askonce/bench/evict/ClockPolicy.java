package dev.askonce.bench.evict;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** Second chance (Corbató, 1968): the oldest leaves unless it was used since it last was that. */
final class ClockPolicy implements Policy {
  private final ArrayDeque<Integer> ring = new ArrayDeque<>();
  private final Map<Integer, Boolean> usedOfKey = new HashMap<>();
  private final Requests requests;
  private final Budget budget;
  private long held;
  private long evictions;

  ClockPolicy(Requests requests, Budget budget) {
    this.requests = requests;
    this.budget = budget;
  }

  @Override
  public boolean request(int key) {
    if (usedOfKey.replace(key, true) != null) {
      return true;
    }
    long weight = weight(key);
    while (held + weight > budget.size() && !ring.isEmpty()) {
      int oldest = ring.poll();
      if (usedOfKey.get(oldest)) {
        usedOfKey.put(oldest, false);
        ring.add(oldest);
      } else {
        usedOfKey.remove(oldest);
        held -= weight(oldest);
        evictions++;
      }
    }
    usedOfKey.put(key, false);
    ring.add(key);
    held += weight;
    return false;
  }

  private long weight(int key) {
    return budget.weight(requests.bytes()[key]);
  }

  @Override
  public long evictions() {
    return evictions;
  }
}
