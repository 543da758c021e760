package dev.askonce.redis.internal.server;

import java.util.ArrayList;
import java.util.List;

/**
 * How much to ask for at once. The count of an {@code XREAD} holds for each stream, so after a long
 * absence a reply could be a thousand times its limit, of which all but one part is read in vain.
 * It begins with few records, doubles while replies fit, and halves when one does not; at one
 * record each it halves the number of streams, and goes round them.
 */
final class Portions {
  private static final int COUNT_FIRST = 8;

  private int count = COUNT_FIRST;
  private int streams = Integer.MAX_VALUE;
  private int from;

  /** Streams of the last portion. */
  private int asked;

  /**
   * One read's part of all that the caller wants.
   *
   * @param from the first of the streams; they go on at the beginning after the last
   */
  record Portion(int from, int streams, int count) {
    boolean isAll(int streamCount) {
      return streams == streamCount;
    }

    <T> List<T> of(List<T> all) {
      if (isAll(all.size())) {
        return all;
      }
      List<T> part = new ArrayList<>(streams);
      for (int i = 0; i < streams; i++) {
        part.add(all.get((from + i) % all.size()));
      }
      return part;
    }
  }

  Portion next(int streamCount, int countMax) {
    count = Math.min(count, countMax);
    int part = Math.min(streams, streamCount);
    from = part == streamCount ? 0 : (from + part) % streamCount;
    asked = part;
    return new Portion(from, part, count);
  }

  /**
   * @param cut whether the last portion was too much
   */
  void read(boolean cut) {
    if (!cut) {
      count = Math.max(count, count << 1);
      streams = Math.max(streams, streams << 1);
    } else if (count > 1) {
      count >>= 1;
    } else {
      streams = Math.max(1, asked >> 1);
    }
  }
}
