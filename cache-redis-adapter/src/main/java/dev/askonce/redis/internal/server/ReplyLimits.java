package dev.askonce.redis.internal.server;

import dev.askonce.engine.CacheException;

/**
 * How much memory a reply may take.
 *
 * @param valueBytesMax the longest single value that is kept
 * @param replyBytesMax all of one reply, 32 bytes added for each element of an array; what comes
 *     after is read past
 */
public record ReplyLimits(int valueBytesMax, long replyBytesMax) {
  /** Of one reply, unless the operator says otherwise. */
  public static final long REPLY_BYTES_MAX = 16L << 20;

  /** Around a value in an array: its stream's key, its id, its field's name. */
  private static final long AROUND_BYTES = 4096;

  public ReplyLimits {
    if (valueBytesMax < 1 || replyBytesMax < valueBytesMax + AROUND_BYTES) {
      // Otherwise the longest value would never be read, however few are asked for.
      throw new CacheException.InvalidOption(
          "a reply of at most "
              + replyBytesMax
              + " bytes does not hold a value of "
              + valueBytesMax
              + " and "
              + AROUND_BYTES
              + " around it");
    }
  }

  /** {@return limits with the usual size of a whole reply} */
  public static ReplyLimits ofValues(int valueBytesMax) {
    return new ReplyLimits(valueBytesMax, Math.max(REPLY_BYTES_MAX, valueBytesMax + AROUND_BYTES));
  }
}
