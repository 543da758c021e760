package dev.askonce.engine;

import java.util.Map;

/**
 * What a cache did since it was opened, and what it holds now. A snapshot: the counts are read one
 * after another while others may write.
 *
 * @param exactHits lookups answered by the exact tier
 * @param semanticHits lookups answered by the decision stage
 * @param misses lookups not answered, by reason; a reason that never occurred is absent
 * @param refusals candidates refused by the decision stage, by its reason code
 * @param puts entries stored
 * @param putsDropped puts that the disk refused; the caller was not told by an exception
 * @param putsOverQuota puts of a tenant or principal that had as many entries as it may
 * @param expired entries removed because their time was over
 * @param evictedForEntries entries removed because there were as many as there may be
 * @param evictedForBytes entries removed because they held as many bytes as they may
 * @param evictedForDisk entries removed because the disk refused an answer
 * @param invalidated entries removed by a call of the invalidate family
 * @param quarantined records found damaged, each only once
 * @param entries live entries
 * @param bytesHeld what live entries hold, as {@link SemanticCacheBuilder#bytesMax} counts it
 * @param entriesRecovered entries found on disk when the cache was opened
 * @param scopes scopes with at least one live entry
 * @param entriesUnlinked entries of large scopes that are scanned because they are not yet linked
 *     into the graph
 * @param fullSearchFinds entries found by lookups that did not stop early, although their threshold
 *     is calibrated: they show what early stops lose
 * @param fullSearchFindsLost how many of these an early stop would have lost
 * @param bytesOnDisk length of all files of the store
 * @param bytesInMemory memory outside of the heap that the index takes beside the files
 * @param reopenNanos time from the call of open until the cache could answer
 * @param lookup engine time of a lookup, without the embedder
 * @param embed time in the embedder
 * @param put time of a put, without the embedder
 * @param routes what happened on each route, the default one included, by name
 */
public record CacheStats(
    long exactHits,
    long semanticHits,
    Map<MissReason, Long> misses,
    Map<String, Long> refusals,
    long puts,
    long putsDropped,
    long putsOverQuota,
    long expired,
    long evictedForEntries,
    long evictedForBytes,
    long evictedForDisk,
    long invalidated,
    long quarantined,
    long entries,
    long bytesHeld,
    long entriesRecovered,
    long scopes,
    long entriesUnlinked,
    long fullSearchFinds,
    long fullSearchFindsLost,
    long bytesOnDisk,
    long bytesInMemory,
    long reopenNanos,
    LatencySummary lookup,
    LatencySummary embed,
    LatencySummary put,
    Map<String, RouteStats> routes) {

  /** {@return entries removed to make room, for whatever reason} */
  public long evicted() {
    return evictedForEntries + evictedForBytes + evictedForDisk;
  }

  /** {@return the number of misses of all reasons} */
  public long missCount() {
    return misses.values().stream().mapToLong(Long::longValue).sum();
  }
}
