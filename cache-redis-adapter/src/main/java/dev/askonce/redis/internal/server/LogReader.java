package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Waits for records added to streams, on a connection of its own.
 *
 * <p>Threading: one thread reads; {@link #wake} and {@link #close} may be called by any.
 */
public interface LogReader extends AutoCloseable {
  /**
   * One record of a stream.
   *
   * @param key the very array that was asked for
   * @param bytes what was added; empty if it is not a record of ours or is over the limit, which is
   *     for the caller to skip and count
   */
  record Entry(byte[] key, StreamId id, byte[] bytes) {}

  /**
   * What one read came to.
   *
   * @param entries in the order of each stream, not across streams; empty when nothing was added,
   *     and after {@link #wake}
   * @param reconnected whether a connection was made, the first one included: the servers may have
   *     lost or replaced data, so the caller checks before it reads on; there are no entries then
   * @param trouble why nothing could be read, already waited for
   */
  record Batch(List<Entry> entries, boolean reconnected, Optional<RedisTrouble> trouble) {
    static final Batch NOTHING = new Batch(List.of(), false, Optional.empty());
    static final Batch RECONNECTED = new Batch(List.of(), true, Optional.empty());

    static Batch of(List<Entry> entries) {
      return entries.isEmpty() ? NOTHING : new Batch(entries, false, Optional.empty());
    }

    static Batch troubled(RedisTrouble trouble) {
      return new Batch(List.of(), false, Optional.of(trouble));
    }
  }

  /**
   * Returns as soon as one of the streams has a record after the given one; with nothing when the
   * time is over or {@link #wake} was called. It may return with nothing before, and not all
   * records that are there at once: the caller reads on after the last that it got.
   *
   * @param keys of one shard, or of any where one reader serves all
   * @param after of each stream, the last record already read
   * @param count the most records of each stream, from 1
   * @param block how long to wait; from 1 ms
   */
  Batch read(List<byte[]> keys, List<StreamId> after, int count, Duration block);

  /** Makes a read that waits return soon, or else the next one at once. */
  void wake();

  /** Ends a read that waits, and closes the connection. A later read is trouble. */
  @Override
  void close();
}
