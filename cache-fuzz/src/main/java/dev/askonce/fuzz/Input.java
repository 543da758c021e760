package dev.askonce.fuzz;

import java.util.Arrays;

/**
 * An input as numbers, one byte each where that is enough: a fuzzer that changes a byte changes one
 * choice. Behind the end all bytes are zero.
 */
public final class Input {
  private final byte[] bytes;
  private int at;

  public Input(byte[] bytes) {
    this.bytes = bytes;
  }

  public boolean isEmpty() {
    return at >= bytes.length;
  }

  /** {@return a number from 0 to 255} */
  public int next() {
    return isEmpty() ? 0 : bytes[at++] & 0xFF;
  }

  /** {@return a number from 0 to {@code bound}, exclusive, of at most 256} */
  public int next(int bound) {
    return next() % bound;
  }

  public int nextInt() {
    return next() | next() << 8 | next() << 16 | next() << 24;
  }

  public long nextLong() {
    return nextInt() & 0xFFFFFFFFL | (long) nextInt() << 32;
  }

  /** {@return so many bytes, the last ones zero where there are fewer} */
  public byte[] take(int count) {
    int from = Math.min(at, bytes.length);
    at = Math.min(bytes.length, from + count);
    return Arrays.copyOf(Arrays.copyOfRange(bytes, from, at), count);
  }

  /** {@return all that is left} */
  public byte[] rest() {
    return take(Math.max(0, bytes.length - at));
  }
}
