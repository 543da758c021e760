package dev.askonce.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PageMemoryTest {
  @Test
  void allocate_anyLength_isZeroAlignedAndWritableToTheEnd() throws IOException {
    for (long bytes : new long[] {64, 4096, (2L << 20) - 64, (2L << 20) + 64, 7_864_320}) {
      try (PageMemory memory = PageMemory.allocate(bytes)) {
        assertEquals(0, memory.address() % Memory.LINE);
        for (long at = 0; at < bytes; at += Memory.LINE) {
          assertEquals(0, Memory.getLong(memory.address() + at));
          Memory.putLong(memory.address() + at, at);
        }
        assertEquals(bytes - Memory.LINE, Memory.getLong(memory.address() + bytes - Memory.LINE));
      }
    }
  }
}
