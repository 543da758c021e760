package dev.askonce.redis.internal.server;

/**
 * Where a record stands in its stream: the server's milliseconds when it was added, and a number
 * among those of the same millisecond. Both are unsigned.
 */
public record StreamId(long millis, long sequence) implements Comparable<StreamId> {
  /** Before every record: a stream read after it is read from its beginning. */
  public static final StreamId ZERO = new StreamId(0, 0);

  /** After every record: the end of a range that has none. */
  public static final StreamId MAX = new StreamId(-1, -1);

  /**
   * {@return the id that prints as this text, such as {@code 1719830000000-0}}
   *
   * @throws IllegalArgumentException if it is not the text of an id
   */
  public static StreamId parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 1 || text.charAt(0) == '+' || text.startsWith("+", dash + 1)) {
      throw new IllegalArgumentException("not a stream id");
    }
    // A NumberFormatException is an IllegalArgumentException.
    return new StreamId(
        Long.parseUnsignedLong(text.substring(0, dash)),
        Long.parseUnsignedLong(text.substring(dash + 1)));
  }

  /** {@return the smallest id after this one; {@link #MAX} after itself} */
  public StreamId next() {
    if (equals(MAX)) {
      return MAX;
    }
    return sequence == -1 ? new StreamId(millis + 1, 0) : new StreamId(millis, sequence + 1);
  }

  @Override
  public int compareTo(StreamId other) {
    int byMillis = Long.compareUnsigned(millis, other.millis);
    return byMillis != 0 ? byMillis : Long.compareUnsigned(sequence, other.sequence);
  }

  /** {@return the id as the server writes it} */
  @Override
  public String toString() {
    return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
  }
}
