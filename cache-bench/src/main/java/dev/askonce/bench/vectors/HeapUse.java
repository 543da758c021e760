package dev.askonce.bench.vectors;

import java.lang.management.ManagementFactory;

/** The heap's live bytes, for libraries that do not count their own. */
final class HeapUse {
  private HeapUse() {}

  /** {@return what is used after a collection} */
  static long bytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
