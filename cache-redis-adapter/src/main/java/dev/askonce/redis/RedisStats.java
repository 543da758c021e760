package dev.askonce.redis;

import java.util.Map;

/**
 * What an exact tier did since it was opened. A snapshot: the counts are read one after another
 * while others may write.
 *
 * @param finds calls of {@code find}
 * @param hits finds that gave an answer
 * @param misses finds that did not, for whatever reason
 * @param stores answers whose storing the server confirmed
 * @param removes answers that were there and whose removal the server confirmed
 * @param troubles commands of any kind that came to nothing, by cause; a cause that never occurred
 *     is absent
 */
public record RedisStats(
    long finds,
    long hits,
    long misses,
    long stores,
    long removes,
    Map<RedisTrouble, Long> troubles) {

  public RedisStats {
    troubles = Map.copyOf(troubles);
  }

  /** {@return how many commands came to nothing for this cause} */
  public long count(RedisTrouble trouble) {
    return troubles.getOrDefault(trouble, 0L);
  }

  /** {@return commands that the server did not answer within the deadline} */
  public long timeouts() {
    return count(RedisTrouble.TIMEOUT);
  }

  /** {@return replies that were not the asked entry's intact frame} */
  public long undecodable() {
    return count(RedisTrouble.UNDECODABLE);
  }

  /** {@return commands that were not tried, because the server had just failed in a row} */
  public long refused() {
    return count(RedisTrouble.CIRCUIT_OPEN);
  }

  /** {@return commands that failed on the way or that the server refused} */
  public long failures() {
    return count(RedisTrouble.UNREACHABLE)
        + count(RedisTrouble.BROKEN)
        + count(RedisTrouble.ERROR_REPLY);
  }
}
