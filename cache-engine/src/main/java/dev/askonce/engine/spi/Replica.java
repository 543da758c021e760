package dev.askonce.engine.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The content of one cache, as its {@link Replication} sees and changes it. Nothing that is done
 * here is told back to the replication.
 *
 * <p>Threading: any thread. Progress: calls wait for the disk, and for the lock of those that put.
 */
public interface Replica {
  /** What became of an entry. */
  enum Outcome {
    /** It is here now, and found by every later lookup. */
    STORED,
    /** It, or a newer entry with its key, is here already. */
    KNOWN,
    /** The replication does not {@linkplain Replication#admits admit} it. */
    REMOVED,
    /** Its time is over, or it claims to come from the future. */
    OUT_OF_TIME,
    /** There is no room, or its tenant or principal has as many as it may, or it is too large. */
    REFUSED
  }

  /** Stores an entry of another cache, unless there is a newer one with the same key. */
  Outcome put(ReplicaEntry entry);

  /** Removes what a removal covers. {@return how many} */
  long remove(Removal removal);

  /** {@return the live entry with this key, if there is one that can be read} */
  Optional<ReplicaEntry> find(Hash128 scope, Hash128 key);

  /** Shows every live entry of a scope that can be read, in no order; those put meanwhile maybe. */
  void forEach(Hash128 scope, Consumer<ReplicaEntry> action);

  /** Shows every live entry of at least this version that can be read, of any scope. */
  void forEachSince(long version, Consumer<ReplicaEntry> action);

  /** {@return whether a scope has a live entry} */
  boolean has(Hash128 scope);

  /** {@return the scopes with at least one live entry} */
  Set<Hash128> scopes();

  /** Notes that an entry answered elsewhere, so that it is not evicted before others. */
  void used(Hash128 key);

  /** {@return the hashes of names under the shared secret} */
  KeyedHash names();

  /** {@return the directory of the store, where a replication may keep files of its own} */
  Path directory();

  /** {@return components of a vector} */
  int dimension();

  /** {@return what made the vectors, see {@link Embedder#fingerprint}} */
  String vectorFingerprint();

  /** {@return the longest that an entry of this cache's callers may live} */
  Duration ttlMax();

  /** {@return the time by which entries live, in milliseconds since 1970} */
  long nowMillis();

  /**
   * {@return the time by which what is over may be forgotten for good} That by which entries live,
   * unless that has just leapt, and may be wrong.
   */
  long sureMillis();
}
