package dev.askonce.engine.internal.base;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLongArray;

/** Words on the heap, where a tool that tries orders of steps sees each access. */
public final class WordArray {
  private final long base;
  private final AtomicLongArray words;

  /**
   * @param base address of the first word
   */
  public WordArray(long base, int count) {
    this.base = base;
    words = new AtomicLongArray(count);
  }

  private int place(long address) {
    return (int) ((address - base) / Long.BYTES);
  }

  long get(long address) {
    return words.get(place(address));
  }

  void set(long address, long value) {
    words.set(place(address), value);
  }

  void copyOut(long address, byte[] target, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i += Long.BYTES) {
      bytes.putLong(i, get(address + i));
    }
  }
}
