package dev.askonce.redis.internal.log;

import dev.askonce.engine.spi.Hash128;

/** What became of sealed bytes that arrived. */
public sealed interface Opening {
  /**
   * They are a record of this installation, for this stream.
   *
   * @param origin the {@link Sealer} that sealed it
   * @param counter its number among the records of its origin
   */
  record Opened(Hash128 origin, long counter, LogRecord record) implements Opening {}

  /** They are not for this cache. */
  record Skipped(Reason reason) implements Opening {}

  /** {@return whether a cache of this installation wrote them, as far as can be told} */
  default boolean isSealed() {
    return !(this instanceof Skipped(Reason reason)) || reason != Reason.UNSEALED;
  }

  /** Why bytes are not for this cache. */
  enum Reason {
    /** Another embedder, or another dimension, made the vectors. */
    FOREIGN_EMBEDDER,
    /** A later version of AskOnce wrote them. */
    NEWER_FORMAT,
    /**
     * The seal does not hold: damaged, of another secret, of another stream, or not ours at all; or
     * it holds and what it protects makes no sense here.
     */
    UNSEALED
  }
}
