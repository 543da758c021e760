package dev.askonce.bench.data;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** The heap's live bytes. */
public final class HeapUse {
  private static final int COLLECTIONS_MAX = 8;

  /** What a collection must free for another one to be worth it. */
  private static final long FREED_MIN = 16 << 10;

  private HeapUse() {}

  /** {@return what is used after collections that find nothing more} */
  public static long bytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long used = Long.MAX_VALUE;
    long before = used;
    // What waits for a cleaner goes with a later one.
    for (int i = 0; i < COLLECTIONS_MAX && (i == 0 || before - used >= FREED_MIN); i++) {
      before = used;
      System.gc();
      used = memory.getHeapMemoryUsage().getUsed();
    }
    return used;
  }
}
