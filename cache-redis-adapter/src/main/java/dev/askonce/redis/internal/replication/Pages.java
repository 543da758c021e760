package dev.askonce.redis.internal.replication;

import dev.askonce.redis.internal.server.LogReader;
import dev.askonce.redis.internal.server.Streams;

/**
 * How many records of a log to ask for at once. Records are from 200 bytes to four megabytes: a
 * fixed number of them is either too many round trips, or a reply of which most is read in vain and
 * that takes longer than the deadline. It begins with few, and goes by the size of those that came.
 *
 * <p>Not thread-safe: of one pass through one log.
 */
public final class Pages {
  private static final int COUNT_FIRST = 16;
  private static final int COUNT_MAX = 512;

  /** What one reply should be: a fraction of a second on a slow network, and little to hold. */
  private static final long BYTES = 2 << 20;

  private int count = COUNT_FIRST;

  /** {@return how many to ask for now} */
  public int count() {
    return count;
  }

  /**
   * Takes note of what came.
   *
   * @return whether there may be more behind it
   */
  public boolean read(Streams.Range page) {
    int got = page.entries().size();
    boolean isMore = page.cut() || got == count;
    long bytes = 1;
    for (LogReader.Entry entry : page.entries()) {
      bytes += entry.bytes().length;
    }
    long fitting = BYTES * Math.max(1, got) / bytes;
    count = Math.clamp(fitting, 1, Math.min(COUNT_MAX, 4 * count));
    return isMore;
  }
}
