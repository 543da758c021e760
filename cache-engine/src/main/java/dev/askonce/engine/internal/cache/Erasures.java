package dev.askonce.engine.internal.cache;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.internal.base.MappedFile;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Removals on their way to the disk: what was invalidated must not come back after a power cut, nor
 * what it had replaced.
 *
 * <p>Threading: {@link #add} under the writer's lock, {@link #force} by any thread without it.
 */
final class Erasures {
  private final Lock writerLock;

  /** Files with records that were erased since they were forced. Under the writer's lock. */
  private final Set<MappedFile> files = new HashSet<>();

  private final ReentrantLock forceLock = new ReentrantLock();

  Erasures(Lock writerLock) {
    this.writerLock = writerLock;
  }

  void add(MappedFile records) {
    files.add(records);
  }

  /**
   * Brings every removal so far to the disk.
   *
   * @throws CacheException.StoreUnavailable if the disk does not take them
   */
  void force() {
    // Who comes second must not return before the first is done with what both erased.
    forceLock.lock();
    try {
      forceAll();
    } finally {
      forceLock.unlock();
    }
  }

  private void forceAll() {
    List<MappedFile> changed;
    writerLock.lock();
    try {
      changed = List.copyOf(files);
      files.clear();
    } finally {
      writerLock.unlock();
    }
    try {
      changed.forEach(MappedFile::force);
    } catch (UncheckedIOException e) {
      writerLock.lock();
      try {
        files.addAll(changed);
      } finally {
        writerLock.unlock();
      }
      throw new CacheException.StoreUnavailable(
          "invalidated, but not yet on the disk: after a power cut it may come back", e);
    }
  }
}
