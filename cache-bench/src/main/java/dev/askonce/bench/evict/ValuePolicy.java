package dev.askonce.bench.evict;

import dev.askonce.engine.internal.policy.ValueEviction;
import java.util.Arrays;

/** The engine's eviction by value, driven by the calls that the engine makes. */
final class ValuePolicy implements Policy {
  private static final int ABSENT = -1;
  private static final int SEGMENT_SLOTS = 8_192;

  private final ValueEviction eviction;
  private final Requests requests;
  private final Budget budget;
  private final int[] slotOfKey;
  private int[] keyOfSlot = new int[0];
  private int[] free = new int[0];
  private int freeCount;
  private long requestCount;
  private long held;
  private long evictions;

  ValuePolicy(Requests requests, Budget budget, long seed) {
    this.requests = requests;
    this.budget = budget;
    eviction = new ValueEviction(seed);
    slotOfKey = new int[requests.bytes().length];
    Arrays.fill(slotOfKey, ABSENT);
  }

  @Override
  public boolean request(int key) {
    requestCount++;
    if (slotOfKey[key] != ABSENT) {
      eviction.used(slotOfKey[key]);
      return true;
    }
    int bytes = requests.bytes()[key];
    while (held + budget.weight(bytes) > budget.size() && held > 0) {
      evict();
    }
    if (freeCount == 0) {
      grow();
    }
    int slot = free[--freeCount];
    slotOfKey[key] = slot;
    keyOfSlot[slot] = key;
    held += budget.weight(bytes);
    eviction.added(slot, hash(key), requests.cost()[key], bytes, requestCount);
    return false;
  }

  private void evict() {
    int slot = eviction.victim(budget.kind() == Budget.Kind.BYTES);
    int key = keyOfSlot[slot];
    eviction.remember(slot, hash(key));
    eviction.removed(slot);
    slotOfKey[key] = ABSENT;
    held -= budget.weight(requests.bytes()[key]);
    free[freeCount++] = slot;
    evictions++;
  }

  private void grow() {
    int from = keyOfSlot.length;
    int slots =
        budget.kind() == Budget.Kind.ENTRIES
            ? Integer.highestOneBit((int) budget.size() - 1) << 1
            : SEGMENT_SLOTS;
    int capacity = from + Math.min(SEGMENT_SLOTS, slots);
    keyOfSlot = Arrays.copyOf(keyOfSlot, capacity);
    free = Arrays.copyOf(free, capacity);
    for (int slot = capacity - 1; slot >= from; slot--) {
      free[freeCount++] = slot;
    }
    eviction.reserve(capacity);
  }

  /** Spreads keys as the engine's keyed hashes of texts are spread. */
  private static long hash(int key) {
    long mixed = (key + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    return mixed ^ mixed >>> 29;
  }

  @Override
  public long evictions() {
    return evictions;
  }
}
