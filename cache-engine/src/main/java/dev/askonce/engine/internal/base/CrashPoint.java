package dev.askonce.engine.internal.base;

import java.util.function.Consumer;

/**
 * Moments between two steps of what changes a store, at which a process may die. A fault campaign
 * ends the process there, or looks at what the disk holds; in service they cost nothing, since
 * {@link #WATCHED} is a constant that is false.
 */
public enum CrashPoint {
  /* A put, in its order. */
  KEY_KEPT,
  ANSWER_STORED,
  CARD_STORED,
  SLOT_TAKEN,
  REPLACED_REMOVED,
  RECORD_BEGUN,
  RECORD_WRITTEN,
  RECORD_PUBLISHED,
  ENTRY_KNOWN,

  /* A removal: eviction, expiry, invalidation, replacement. */
  ERASE_BEGUN,
  ERASED,
  ANSWER_REMOVED,
  VECTOR_ERASED,
  KEY_DESTROYED,

  /* A report of a wrong answer. */
  FEEDBACK_KEPT,

  /* Growth. */
  SLOTS_FILE_MADE,
  VECTORS_FILE_MADE,
  SHARD_PREPARED,
  SHARD_NAMED,

  /* Opening and recovery. */
  SECRET_FILE_MADE,
  KEYS_FILE_MADE,
  SUPERBLOCK_FILE_MADE,
  SUPERBLOCK_WRITTEN,
  SEGMENT_MAPPED,
  SHARD_COPIED,
  SHARD_RECOVERED,
  RECORDS_READ,
  ORPHANS_REMOVED,
  ASIDE_MADE,
  ASIDE_MOVED,

  /* Closing. */
  CLOSE_BEGUN,
  GRAPHS_WRITTEN,
  GRAPHS_NAMED,
  TABLE_FORCED,
  STORE_CLOSED,
  MARKED_CLEAN;

  /** Whether anybody may watch in this process: the system property {@code askonce.crashPoints}. */
  public static final boolean WATCHED = Boolean.getBoolean("askonce.crashPoints");

  private static volatile Consumer<CrashPoint> watcher = point -> {};

  /** Sets who is told, from now on, on the thread that gets there and with what locks it holds. */
  public static void watch(Consumer<CrashPoint> newWatcher) {
    if (!WATCHED) {
      throw new IllegalStateException("start the process with -Daskonce.crashPoints=true");
    }
    watcher = newWatcher;
  }

  /** Says that a thread got here. */
  public void reached() {
    if (WATCHED) {
      watcher.accept(this);
    }
  }
}
