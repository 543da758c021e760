package dev.askonce.redis;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an installation has on its servers. Not of one moment: it was gathered while caches may have
 * been writing.
 *
 * @param prefix of the keys
 * @param servers the primaries
 * @param keys how many there are of each kind: {@code log}, {@code snap} and its parts {@code
 *     chunk}, {@code control}, {@code tenant}, {@code lease}, {@code snaplease}, and {@code answer}
 *     of the exact tier; a kind of which there is none is absent
 * @param scopes with a log or a snapshot
 * @param records empty if the secret was not given
 */
public record InstallationStatus(
    String prefix,
    List<Server> servers,
    Map<String, Long> keys,
    long scopes,
    Logs logs,
    Snapshots snapshots,
    Optional<Records> records) {
  public InstallationStatus {
    servers = List.copyOf(servers);
    keys = Map.copyOf(keys);
  }

  /**
   * A primary, as it describes itself.
   *
   * @param replicas connected to it
   * @param usedBytes memory, of all that it holds
   * @param maxBytes {@code maxmemory}; 0 for none
   * @param policy {@code maxmemory-policy}
   */
  public record Server(
      String address,
      String version,
      String role,
      long replicas,
      long usedBytes,
      long maxBytes,
      String policy) {}

  /**
   * The logs.
   *
   * @param records in the logs of all scopes
   * @param recordsMost in the longest of them
   * @param controlRecords in the log of what concerns all scopes
   */
  public record Logs(long records, long recordsMost, long controlRecords) {}

  /**
   * The snapshots.
   *
   * @param count scopes that have one
   * @param bytes of all their parts
   * @param chunkBytesMost of the largest part
   * @param oldestMillis the age of the oldest; 0 where there is none
   * @param newestMillis the age of the newest; 0 where there is none
   */
  public record Snapshots(
      long count, long bytes, long chunkBytesMost, long oldestMillis, long newestMillis) {}

  /**
   * What the records of logs and snapshots are, for a cache with the secret and the embedder that
   * most of them have.
   *
   * @param opened those that it takes
   * @param foreign of another embedder than most
   * @param newer of a later version of AskOnce
   * @param unsealed whose seal does not hold, of another secret for one
   * @param embedders that made vectors of them
   * @param chunksUnreadable parts of snapshots that are damaged
   */
  public record Records(
      long opened,
      long foreign,
      long newer,
      long unsealed,
      long embedders,
      long chunksUnreadable) {}
}
