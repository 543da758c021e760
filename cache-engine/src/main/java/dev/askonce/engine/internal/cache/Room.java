package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.policy.ValueEviction;

/**
 * How much of the operator's budgets is taken: by live entries, and by puts that made room and have
 * not published yet. Under the writer's lock.
 */
final class Room {
  private final ValueEviction eviction;
  private final int entriesMax;
  private final long bytesMax;
  private int entriesReserved;
  private long bytesReserved;

  Room(ValueEviction eviction, int entriesMax, long bytesMax) {
    this.eviction = eviction;
    this.entriesMax = entriesMax;
    this.bytesMax = bytesMax;
  }

  /** {@return whether an entry of this size can be kept at all} */
  boolean canHold(int bytes) {
    return bytes <= bytesMax;
  }

  /**
   * {@return whether entries must leave before another one comes}
   *
   * @param entries that come beyond those that leave by being replaced
   */
  boolean lacksEntries(int entries) {
    return eviction.live() + entriesReserved + entries > entriesMax;
  }

  /** {@return whether bytes must be freed before so many more come; fewer where it is negative} */
  boolean lacksBytes(long bytes) {
    return eviction.bytes() + bytesReserved + bytes > bytesMax;
  }

  void reserve(int bytes) {
    entriesReserved++;
    bytesReserved += bytes;
  }

  void release(int bytes) {
    entriesReserved--;
    bytesReserved -= bytes;
  }
}
