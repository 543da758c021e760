package dev.askonce.redis.internal.log;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import java.util.List;

/**
 * One thing that a cache tells the others. Records may arrive twice and in any order: each says all
 * that is needed to apply it.
 */
public sealed interface LogRecord {
  /** How many keys one {@link Touches} may name. */
  int TOUCHES_MAX = 4096;

  /** An entry that a caller of some cache put. */
  record Put(ReplicaEntry entry) implements LogRecord {}

  /**
   * Entries that are no longer wanted.
   *
   * @param keepUntilMillis until when the removal must be remembered: by then everything that it
   *     covers has expired
   */
  record Remove(Removal removal, long keepUntilMillis) implements LogRecord {}

  /** Entries of one scope that answered callers, so that they are not evicted before others. */
  record Touches(Hash128 scope, List<Hash128> keys) implements LogRecord {
    public Touches {
      keys = List.copyOf(keys);
    }
  }

  /** Asks every cache with entries of a scope to publish those that the scope's log lacks. */
  record Call(Hash128 scope) implements LogRecord {}
}
