package dev.askonce.bench.evict;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The one not used for longest leaves. */
final class LruPolicy implements Policy {
  private final Map<Integer, Long> weights = new LinkedHashMap<>(16, 0.75f, true);
  private final Requests requests;
  private final Budget budget;
  private long held;
  private long evictions;

  LruPolicy(Requests requests, Budget budget) {
    this.requests = requests;
    this.budget = budget;
  }

  @Override
  public boolean request(int key) {
    if (weights.get(key) != null) {
      return true;
    }
    long weight = budget.weight(requests.bytes()[key]);
    for (Iterator<Long> oldest = weights.values().iterator();
        held + weight > budget.size() && oldest.hasNext();
        evictions++) {
      held -= oldest.next();
      oldest.remove();
    }
    weights.put(key, weight);
    held += weight;
    return false;
  }

  @Override
  public long evictions() {
    return evictions;
  }
}
