package dev.askonce.redis.internal.log;

/**
 * Where a reader stands in a stream.
 *
 * @param idMillis of the last record that was read: the server's milliseconds, unsigned
 * @param idSequence of the last record that was read, unsigned
 * @param epochMarkerHigh names the life of the stream that the id belongs to: after a flush or a
 *     loss by failover the same id may stand for another record
 * @param epochMarkerLow the other half of the name
 */
public record Position(long idMillis, long idSequence, long epochMarkerHigh, long epochMarkerLow) {
  /** Before every record of a stream whose life is not known. */
  public static final Position START = new Position(0, 0, 0, 0);
}
