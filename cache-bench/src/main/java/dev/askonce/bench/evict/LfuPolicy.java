package dev.askonce.bench.evict;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** The one of least priority leaves, the oldest of these first; the priority grows with use. */
final class LfuPolicy implements Policy {
  /** What a priority is made of. */
  enum Kind {
    /** Uses. */
    LFU,
    /** Uses, begun at the priority evicted last: old glory fades (Arlitt and others, 2000). */
    AGEING,
    /** The same, times what a hit saves by what the entry takes (GDSF, Cherkasova, 1998). */
    GREEDY_DUAL
  }

  private record Place(double priority, long uses, long usedAt, int key)
      implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byPriority = Double.compare(priority, other.priority);
      return byPriority != 0 ? byPriority : Long.compare(usedAt, other.usedAt);
    }
  }

  private final Map<Integer, Place> places = new HashMap<>();
  private final TreeSet<Place> order = new TreeSet<>();
  private final Requests requests;
  private final Budget budget;
  private final Kind kind;
  private double age;
  private long now;
  private long held;
  private long evictions;

  LfuPolicy(Requests requests, Budget budget, Kind kind) {
    this.requests = requests;
    this.budget = budget;
    this.kind = kind;
  }

  @Override
  public boolean request(int key) {
    Place known = places.get(key);
    if (known != null) {
      order.remove(known);
      place(key, known.uses + 1, known.priority);
      return true;
    }
    long weight = weight(key);
    while (held + weight > budget.size() && !order.isEmpty()) {
      Place least = order.pollFirst();
      places.remove(least.key);
      held -= weight(least.key);
      age = kind == Kind.LFU ? 0 : least.priority;
      evictions++;
    }
    held += weight;
    place(key, 1, age);
    return false;
  }

  private long weight(int key) {
    return budget.weight(requests.bytes()[key]);
  }

  private void place(int key, long uses, double before) {
    double priority =
        kind == Kind.GREEDY_DUAL
            ? age + uses * (double) requests.cost()[key] / weight(key)
            : before + 1;
    Place place = new Place(priority, uses, now++, key);
    places.put(key, place);
    order.add(place);
  }

  @Override
  public long evictions() {
    return evictions;
  }
}
