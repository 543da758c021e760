package dev.askonce.redis;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.operation.Link;
import dev.askonce.redis.internal.operation.Purge;
import dev.askonce.redis.internal.operation.Rebuild;
import dev.askonce.redis.internal.operation.Survey;
import dev.askonce.redis.internal.server.RedisAddress;
import dev.askonce.redis.internal.server.Servers;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * All that an installation has on its servers, for who operates it: a look, a repair, a deletion.
 * No cache is needed, and those that run go on.
 *
 * <p>Threading: any thread. Errors: {@link CacheException.ServerUnavailable} where a server does
 * not answer or refuses; what was done until then is done, and each call may be made again. Every
 * call sends many small commands, so that the servers answer others in between.
 */
public final class RedisInstallation implements AutoCloseable {
  private final Optional<byte[]> secret;
  private final String prefix;
  private final long retentionMillis;
  private final Servers servers;
  private final Link link;

  RedisInstallation(Optional<byte[]> secret, String prefix, long retentionMillis, Servers servers) {
    this.secret = secret;
    this.prefix = prefix;
    this.retentionMillis = retentionMillis;
    this.servers = servers;
    link = new Link(servers);
  }

  /**
   * {@return a builder for the operations on one installation}
   *
   * @param uri as of {@link RedisReplication#at}
   * @throws CacheException.InvalidOption if it is not such a URI; the message does not show it
   */
  public static RedisInstallationBuilder at(String uri) {
    return new RedisInstallationBuilder(RedisAddress.parse(uri));
  }

  /** {@return the primaries, as they describe themselves: a way to see whether they answer} */
  public List<InstallationStatus.Server> servers() {
    return Survey.servers(link);
  }

  /**
   * {@return what there is on the servers} With the secret all records are read and opened, which
   * takes as long as it takes a cache to load all scopes.
   */
  public InstallationStatus status() {
    return new Survey(link, prefix, secret.map(RedisInstallation::sealer))
        .status(System.currentTimeMillis());
  }

  /**
   * Makes good what the servers lost: takes snapshots with lost parts apart and puts what is left
   * of them into the logs, deletes parts of older snapshots that were left over, and asks all
   * caches to publish what the logs lack, which those that run do within seconds.
   *
   * @param progress told how many scopes with a snapshot were looked at so far
   * @throws CacheException.InvalidOption if no secret was given
   */
  public RebuildReport rebuild(LongConsumer progress) {
    return new Rebuild(link, prefix, sealer(needed()), retentionMillis, progress)
        .run(System.currentTimeMillis());
  }

  /**
   * Deletes every key of the installation, answers of the exact tier included, and nothing else.
   * Close its caches first: those that run see that the logs are gone, and fill them again.
   *
   * @param progress told how many keys were deleted so far
   * @return how many keys were deleted
   */
  public long purge(LongConsumer progress) {
    return new Purge(link, prefix, progress).all();
  }

  /**
   * Removes all that a tenant has: its logs and snapshots here, and, by a removal that all caches
   * are told, its entries there, those of caches that are closed when they open again. What is put
   * from now on stays. Answers of the exact tier are not found by their tenant, and leave when
   * their time is over.
   *
   * @param progress told how many keys were deleted so far
   * @return how many keys were deleted
   * @throws CacheException.InvalidOption if no secret was given
   */
  public long purgeTenant(String tenant, LongConsumer progress) {
    byte[] given = needed();
    return new Purge(link, prefix, progress)
        .tenant(
            sealer(given),
            new KeyedHash(given).name("tenant", tenant),
            System.currentTimeMillis(),
            retentionMillis);
  }

  private byte[] needed() {
    return secret.orElseThrow(
        () -> new CacheException.InvalidOption("give the secret of the installation"));
  }

  /** Vectors are none of our business here. */
  private static Sealer sealer(byte[] secret) {
    return new Sealer(secret, "", 0);
  }

  @Override
  public void close() {
    servers.close();
  }

  /** {@return where the servers are, and the prefix; no secret} */
  @Override
  public String toString() {
    return "RedisInstallation[" + servers + ", " + prefix + "]";
  }
}
