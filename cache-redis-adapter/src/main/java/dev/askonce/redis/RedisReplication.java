package dev.askonce.redis;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.LoadLease;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.engine.spi.Replication;
import dev.askonce.redis.internal.replication.Replicator;
import dev.askonce.redis.internal.replication.Settings;
import dev.askonce.redis.internal.server.RedisAddress;

/**
 * Keeps the caches of many JVMs equal through Redis: one server, Sentinel or Cluster, 6.2 or newer,
 * no modules and no scripts. Lookups stay in the process. Give it to {@link
 * dev.askonce.engine.SemanticCacheBuilder#replication}; one for each cache, which closes it.
 *
 * <p>Guarantees: an entry whose put returned is on this machine's disk, and is published again
 * until the server has confirmed it; what the server loses, the caches give back. Caches that can
 * reach the server come to hold the same entries of the scopes that they serve, within their
 * budgets. A record is believed only if its seal holds: whoever can write to the server can
 * withhold answers, and neither read nor make one. While the server is out of reach each cache goes
 * on by itself.
 *
 * <p>Threading: any thread.
 */
public final class RedisReplication implements Replication {
  private final Settings settings;
  private volatile Replicator replicator;

  RedisReplication(Settings settings) {
    this.settings = settings;
  }

  /**
   * {@return a builder for the replication through one installation's servers}
   *
   * @param uri {@code redis://user:password@host:port/database}, {@code
   *     redis-sentinel://user:password@host:port,host:port/master} or {@code
   *     redis-cluster://user:password@host:port,host:port}; {@code rediss} and so on for TLS
   * @throws CacheException.InvalidOption if it is not such a URI; the message does not show it
   */
  public static RedisReplicationBuilder at(String uri) {
    return new RedisReplicationBuilder(RedisAddress.parse(uri));
  }

  @Override
  public byte[] secret() {
    return settings.secret().clone();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if it belongs to another cache already
   * @throws CacheException.InvalidOption if entries of the cache may live longer than removals are
   *     remembered
   */
  @Override
  public synchronized void start(Replica replica) {
    if (replicator != null) {
      throw new IllegalStateException("this replication belongs to another cache");
    }
    RedisBuilder.require(
        settings.retention().compareTo(replica.ttlMax()) >= 0,
        "retention "
            + settings.retention()
            + " is less than the cache's ttlMax "
            + replica.ttlMax()
            + ": what was removed could come back; make it as long, or ttlMax shorter");
    Replicator made = new Replicator(settings, replica);
    replicator = made;
    try {
      made.start();
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  @Override
  public void stored(Hash128 scope, Hash128 key) {
    replicator.stored(scope, key);
  }

  @Override
  public void removing(Removal removal) {
    replicator.removing(removal);
  }

  @Override
  public long versionMin() {
    return replicator.versionMin();
  }

  @Override
  public boolean admits(ReplicaEntry entry) {
    return replicator.admits(entry);
  }

  @Override
  public boolean serves(Hash128 scope, long tenant) {
    return replicator.serves(scope, tenant);
  }

  @Override
  public void used(Hash128 scope, Hash128 key) {
    replicator.used(scope, key);
  }

  @Override
  public LoadLease lead(Hash128 scope, Hash128 key) {
    return replicator.lead(scope, key);
  }

  /**
   * {@return what was done since the cache was opened}
   *
   * @throws IllegalStateException if it was not
   */
  public ReplicationStats stats() {
    Replicator running = replicator;
    if (running == null) {
      throw new IllegalStateException("no cache was opened with this replication");
    }
    return running.stats();
  }

  @Override
  public synchronized void close() {
    if (replicator != null) {
      replicator.close();
    }
  }

  /** {@return where the servers are, and the prefix; no secret} */
  @Override
  public String toString() {
    return "RedisReplication[" + settings.servers().address() + ", " + settings.keyPrefix() + "]";
  }
}
