package dev.askonce.engine.spi;

/**
 * Keeps a cache's content equal to that of others that share a secret. Given to {@link
 * dev.askonce.engine.SemanticCacheBuilder#replication}, for one cache.
 *
 * <pre>
 *   put, fulfil ─▶ stored on disk ─▶ stored() ─▶ the caller goes on
 *   invalidate  ─▶ removing() ─▶ removed from disk ─▶ the caller goes on
 *   lookup      ─▶ serves() ─▶ search ─▶ used()
 *   others' entries and removals ─▶ admits() ─▶ {@link Replica}
 * </pre>
 *
 * <p>Threading: called by many threads at once. {@link #serves} and {@link #used} are on the path
 * of every lookup: they neither wait nor allocate. Contract: nothing is thrown; what cannot be done
 * now is kept and done later.
 */
public interface Replication extends AutoCloseable {
  /** {@return the secret of the installation, {@link KeyedHash#SECRET_BYTES} bytes} */
  byte[] secret();

  /**
   * Begins to replicate. Called once, when all records of the store are read; what is thrown ends
   * the opening.
   */
  void start(Replica replica);

  /** A caller's entry is here now; to be told to the others. */
  void stored(Hash128 scope, Hash128 key);

  /**
   * Entries are about to be removed by a caller; to be kept durably before this returns, so that
   * they never come back, and to be told to the others. Called under the lock of those that put
   * where it is a single entry.
   */
  void removing(Removal removal);

  /**
   * {@return the lowest version that a caller's entry may have} Higher than that of every removal:
   * what is put after one was seen must outlive it.
   */
  long versionMin();

  /** {@return whether no removal covers an entry} Called under the lock of those that put. */
  boolean admits(ReplicaEntry entry);

  /**
   * A caller asks in a scope, or is about to put into it.
   *
   * @return whether it may be answered: false while a scope is still being loaded
   */
  boolean serves(Hash128 scope, long tenant);

  /** An entry answered a caller. */
  void used(Hash128 scope, Hash128 key);

  /** Asks for the right to load an answer that all caches lack. Waits a bounded time at most. */
  LoadLease lead(Hash128 scope, Hash128 key);

  /** Ends; called once by the cache when no call is under way any more, before its files close. */
  @Override
  void close();
}
