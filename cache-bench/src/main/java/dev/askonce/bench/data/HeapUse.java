package dev.askonce.bench.data;

import java.lang.management.ManagementFactory;

/** The heap's live bytes. */
public final class HeapUse {
  private HeapUse() {}

  /** {@return what is used after a collection} */
  public static long bytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
