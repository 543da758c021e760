package dev.askonce.engine.internal.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Off-heap memory by absolute address.
 *
 * <p>All of it, mapped files included, is read through {@link #ALL}, one segment that covers the
 * address space: a single segment kind at every call site, no bounds and no liveness check in a
 * loop. The price is that an address must be right before it gets here: those of slots come from
 * {@code EntryTable}, of nodes from {@code NodeBlocks}, of code groups from {@code GroupPool}, and
 * none is read from a file.
 */
public final class Memory {
  /** The whole address space. Needs {@code --enable-native-access}. */
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /** Bytes of a cache line. */
  public static final int LINE = 64;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INT_WORD =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle LONG_WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private Memory() {}

  public static int getInt(long address) {
    return ALL.get(INT, address);
  }

  public static void putInt(long address, int value) {
    ALL.set(INT, address, value);
  }

  public static long getLong(long address) {
    return ALL.get(LONG, address);
  }

  public static void putLong(long address, long value) {
    ALL.set(LONG, address, value);
  }

  public static float getFloat(long address) {
    return ALL.get(FLOAT, address);
  }

  public static void putFloat(long address, float value) {
    ALL.set(FLOAT, address, value);
  }

  /**
   * Reads one word of each cache line, so that they are on their way when they are needed. {@return
   * a sum of no meaning, to be kept somewhere, or the compiler would drop the reads}
   */
  public static int touch(long address, int bytes) {
    int sum = 0;
    for (int i = 0; i < bytes; i += LINE) {
      sum += ALL.get(INT, address + i);
    }
    return sum;
  }

  /**
   * Reads a word, for the sake of the compiled code that it becomes part of. Where a page of a
   * mapped file cannot be read, the virtual machine throws an {@link InternalError} in code that it
   * knows to read such memory, and dies in any other; loads of vectors alone do not make it known.
   *
   * @param address a multiple of four
   */
  public static void mayFault(long address) {
    getIntAcquire(address);
  }

  /** {@return the aligned word, ordered before all reads that follow} */
  public static int getIntAcquire(long address) {
    return (int) INT_WORD.getAcquire(ALL, address);
  }

  /** Stores the aligned word, ordered after all writes that precede. */
  public static void putIntRelease(long address, int value) {
    INT_WORD.setRelease(ALL, address, value);
  }

  /** {@return the aligned word, ordered before all reads that follow} */
  public static long getLongAcquire(long address) {
    return (long) LONG_WORD.getAcquire(ALL, address);
  }

  /** Stores the aligned word, ordered after all writes that precede. */
  public static void putLongRelease(long address, long value) {
    LONG_WORD.setRelease(ALL, address, value);
  }

  public static void copyOut(long address, byte[] target, int length) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, target, 0, length);
  }

  public static void copyIn(byte[] source, int length, long address) {
    MemorySegment.copy(source, 0, ALL, ValueLayout.JAVA_BYTE, address, length);
  }

  public static void copyIn(float[] source, long address) {
    MemorySegment.copy(source, 0, ALL, FLOAT, address, source.length);
  }

  /** {@return the value of the aligned word before {@code delta} was added} */
  public static int getAndAddInt(long address, int delta) {
    return (int) INT_WORD.getAndAdd(ALL, address, delta);
  }

  public static void copyOut(long address, float[] target) {
    MemorySegment.copy(ALL, FLOAT, address, target, 0, target.length);
  }

  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  public static void zero(long address, long bytes) {
    ALL.asSlice(address, bytes).fill((byte) 0);
  }
}
