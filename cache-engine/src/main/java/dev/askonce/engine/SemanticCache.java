package dev.askonce.engine;

import dev.askonce.engine.internal.store.Fsck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A cache of answers in memory-mapped files, found by the meaning of the question: lookups compare
 * the embedding of the asked text with the stored ones of the same {@link Scope}, by raw cosine.
 *
 * <p>Threading: all methods may be called by any number of threads, virtual ones included.
 * Guarantees: a hit is byte for byte an answer that was put for this scope and has not expired, or
 * the lookup is a miss; an entry whose put returned is found by every later lookup and, unless the
 * disk fails, after a restart. Progress: a lookup waits for the embedder and the answer's disk page
 * at most, each within a deadline.
 *
 * <p>Errors: a caller's mistake is a {@link CacheException}; trouble of embedder or disk during a
 * lookup is a miss with a reason, during a put it is a counted drop.
 */
public interface SemanticCache extends AutoCloseable {
  /** {@return a builder for the cache that lives in {@code directory}} */
  static SemanticCacheBuilder at(Path directory) {
    return new SemanticCacheBuilder(directory);
  }

  /**
   * Checks the files of a store that no cache has open, and changes nothing in them.
   *
   * @throws CacheException.StoreUnavailable if there is no store in {@code directory}
   * @throws CacheException.Locked if a cache has it open
   * @throws CacheException.Incompatible if another version wrote it
   */
  static StoreReport check(Path directory) {
    return Fsck.check(directory, System.currentTimeMillis());
  }

  /** Looks up a text: the exact tier first, then, after embedding it, the semantic tier. */
  Lookup lookup(Scope scope, String text, LookupOptions options);

  /** Looks up a text with the operator's defaults. */
  default Lookup lookup(Scope scope, String text) {
    return lookup(scope, text, LookupOptions.DEFAULTS);
  }

  /**
   * Looks up a vector in the semantic tier.
   *
   * @param vector any length but zero: it is normalised; not changed, not kept
   */
  Lookup lookup(Scope scope, float[] vector, LookupOptions options);

  /**
   * Looks up a text like {@link #lookup(Scope, String, LookupOptions)} and, on a miss, joins or
   * starts its load.
   */
  LoadTicket acquire(Scope scope, String text, LookupOptions options);

  /**
   * {@return the cached answer, or the loader's, which is stored}
   *
   * @param loader runs at most once at a time for the same text of a scope; a near duplicate waits
   *     for it too, unless both begin at the same instant
   * @param timeout how long to wait for another caller's load before loading alone
   * @throws CacheException.LoadFailed if the loader throws
   */
  Answer getOrLoad(
      Scope scope,
      String text,
      LookupOptions lookupOptions,
      PutOptions putOptions,
      Duration timeout,
      Callable<Answer> loader);

  /** {@link #getOrLoad} with the operator's defaults and a timeout of one minute. */
  default Answer getOrLoad(Scope scope, String text, Callable<Answer> loader) {
    return getOrLoad(
        scope, text, LookupOptions.DEFAULTS, PutOptions.DEFAULTS, Duration.ofMinutes(1), loader);
  }

  /**
   * Stores an answer under a text. An entry of the same scope and text is replaced; one that is
   * only similar stays.
   *
   * @return the new entry, or empty where the store could not take it (disk full, say): counted,
   *     not thrown
   */
  Optional<EntryId> put(Scope scope, String text, Answer answer, PutOptions options);

  /** Stores an answer under a text with the operator's defaults. */
  default Optional<EntryId> put(Scope scope, String text, Answer answer) {
    return put(scope, text, answer, PutOptions.DEFAULTS);
  }

  /** Stores an answer under a vector alone; only lookups by vector and similar texts find it. */
  Optional<EntryId> put(Scope scope, float[] vector, Answer answer, PutOptions options);

  /**
   * Stores many entries and links them before it returns, so that lookups are fast from then on;
   * what cannot be linked is scanned. For filling a cache, on threads that have nothing else to do;
   * otherwise like as many puts.
   *
   * @param entries asked for the next by one thread at a time
   * @param threads this one and so many others less one, from 1 to 64
   * @return how many were stored; less than there were where the disk refused some
   * @throws RuntimeException what the iterator or a put threw; entries stored before stay
   */
  long putAll(Iterator<BulkEntry> entries, int threads);

  /**
   * Finds the best entries of a scope that reach a floor, exact cosines, best first. Allocates
   * nothing and takes no lock.
   *
   * @param floor least raw cosine, from 0 to 1
   * @param count at most this many, from 1 to {@link Candidates#COUNT_MAX}
   * @param result emptied, then filled
   */
  void nearest(Scope scope, float[] vector, float floor, int count, Candidates result);

  /**
   * Finds one entry of a scope that reaches a threshold, not always the best, and stops as soon as
   * it has one. Allocates nothing and takes no lock.
   *
   * @param threshold least raw cosine, from 0 to 1
   * @param result emptied, then filled with at most one entry and its exact cosine
   */
  void any(Scope scope, float[] vector, float threshold, Candidates result);

  /** Removes one entry. {@return whether it was there} */
  boolean invalidate(EntryId id);

  /**
   * Takes a report that a hit's answer was wrong for what was asked: removes the entry, never again
   * answers one of the two texts with what belongs to the other, and counts it in the {@link
   * WrongShare} of the hit's route. All of that outlives the cache, but for the count.
   *
   * @return whether this was news; the same pair of texts counts once
   * @throws CacheException.InvalidOption if this store did not make the id
   * @throws CacheException.StoreUnavailable if it is done but the disk does not take it
   */
  boolean wrong(HitId hit);

  /**
   * Takes back what tightened a route since more than accepted was wrong, and forgets why. A name
   * that is not set up is the default route's.
   *
   * @return whether it had been tightened
   * @throws CacheException.StoreUnavailable if it is done but the disk does not take it
   */
  boolean loosen(String route);

  /** Removes all entries with this tag. {@return how many} */
  long invalidateTag(String tag);

  /** Removes all entries of exactly this scope. {@return how many} */
  long invalidateScope(Scope scope);

  /**
   * Removes all entries of all scopes of a tenant, and destroys its key where the store is
   * encrypted; a store that was moved aside keeps what it had.
   *
   * @return how many
   */
  long invalidateTenant(String tenant);

  /** Removes all entries written by a principal. {@return how many} */
  long invalidateProvenance(String principal);

  CacheStats stats();

  /**
   * Forces records and vectors of all entries stored so far to the disk. Answers are written by the
   * operating system in its own time: after a power cut an entry without its answer is a miss.
   */
  void force();

  /** Closes the cache; calls under way end first. Closing twice does nothing. */
  @Override
  void close();
}
