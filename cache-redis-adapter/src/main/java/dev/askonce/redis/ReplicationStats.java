package dev.askonce.redis;

import java.util.Map;

/**
 * What a replication did since its cache was opened, and how it is now. A snapshot: the counts are
 * read one after another while others may write.
 *
 * @param linked whether all servers answered the last time they were asked for records
 * @param scopes scopes that are kept equal
 * @param scopesJoining scopes that are still being loaded
 * @param queued records that wait for the server
 * @param queuedMillis how long the oldest of them has waited
 * @param published records that the server has confirmed
 * @param received records that were read, of this cache too
 * @param entriesStored entries of others that are here now
 * @param entriesKnown entries that were here already, or a newer one was
 * @param entriesRemoved entries that a removal covers
 * @param entriesOutOfTime entries whose time was over, or had not come
 * @param entriesRefused entries for which there is no room here
 * @param removals removals of others that were news
 * @param touches entries that answered callers of others
 * @param skippedForeign records of caches with another embedder
 * @param skippedNewer records that a later version of AskOnce wrote
 * @param skippedUnsealed records whose seal does not hold
 * @param joins how often a scope was loaded
 * @param losses how often a log had lost what was in it, and was filled again
 * @param overflows records that did not fit into the queue, and were found again in the store
 * @param snapshots snapshots that this cache made
 * @param chunksMissing parts of snapshots that were gone
 * @param leads model calls that this cache was to make for all
 * @param follows model calls that another cache was to make
 * @param uncoordinated model calls that others may have made as well: nobody could be asked, or
 *     what others had published did not arrive
 * @param lagMillisP50 time from a put elsewhere until the entry is found here, by both clocks
 * @param lagMillisP99 the same, of the slowest in a hundred
 * @param troubles commands that came to nothing, by cause; a cause that never occurred is absent
 */
public record ReplicationStats(
    boolean linked,
    int scopes,
    int scopesJoining,
    int queued,
    long queuedMillis,
    long published,
    long received,
    long entriesStored,
    long entriesKnown,
    long entriesRemoved,
    long entriesOutOfTime,
    long entriesRefused,
    long removals,
    long touches,
    long skippedForeign,
    long skippedNewer,
    long skippedUnsealed,
    long joins,
    long losses,
    long overflows,
    long snapshots,
    long chunksMissing,
    long leads,
    long follows,
    long uncoordinated,
    long lagMillisP50,
    long lagMillisP99,
    Map<RedisTrouble, Long> troubles) {

  public ReplicationStats {
    troubles = Map.copyOf(troubles);
  }

  /** {@return records that are not for this cache, for whatever reason} */
  public long skipped() {
    return skippedForeign + skippedNewer + skippedUnsealed;
  }
}
