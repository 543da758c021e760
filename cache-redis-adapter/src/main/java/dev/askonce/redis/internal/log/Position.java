package dev.askonce.redis.internal.log;

/**
 * Where a reader stands in a stream.
 *
 * @param idMillis of the last record that was read: the server's milliseconds, unsigned
 * @param idSequence of the last record that was read, unsigned
 */
public record Position(long idMillis, long idSequence) {
  /** Before every record. */
  public static final Position START = new Position(0, 0);
}
