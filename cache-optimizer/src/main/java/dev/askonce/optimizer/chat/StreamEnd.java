package dev.askonce.optimizer.chat;

import java.util.Optional;

/**
 * How a stream ended and what it said until then.
 *
 * @param completion the answer put together from its chunks
 * @param recorded the bytes of all events up to the end; empty where they were more than the limit
 * @param cause why there is no more
 */
public record StreamEnd(Completion completion, Optional<byte[]> recorded, Cause cause) {
  /** Why a stream ended. */
  public enum Cause {
    /** The provider said that it was complete. */
    DONE,
    /** The provider closed it without saying so. */
    CUT_SHORT,
    /** The exchange broke. */
    BROKEN,
    /** The caller closed it early. */
    ABANDONED
  }
}
