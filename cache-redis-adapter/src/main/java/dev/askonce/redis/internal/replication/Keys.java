package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.internal.log.LogStream;
import dev.askonce.redis.internal.server.Shards;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What an installation's keys on the server are called: {@code PREFIX:{sNN}:KIND:HEX}. Names hold
 * keyed hashes only.
 */
public final class Keys {
  /** The shard of what belongs to no scope. */
  public static final int COMMON_SHARD = 0;

  private final String prefix;

  public Keys(String prefix) {
    this.prefix = prefix;
  }

  public static int shard(Hash128 hash) {
    return (int) (hash.low() & Shards.COUNT - 1);
  }

  /** {@return the log of a scope} */
  public LogStream log(Hash128 scope) {
    return LogStream.of(name(shard(scope), "log", hex(scope)), scope);
  }

  /** {@return the log of what concerns all scopes} */
  public LogStream control() {
    return LogStream.control(name(COMMON_SHARD, "control", "all"));
  }

  /** {@return the name of a scope's snapshot} */
  public String manifest(Hash128 scope) {
    return name(shard(scope), "snap", hex(scope));
  }

  public String chunk(Hash128 scope, long generation, int number) {
    return manifest(scope) + ":" + Long.toHexString(generation) + ":" + number;
  }

  /** {@return the name of the right to make a scope's snapshot} */
  public String snapshotLease(Hash128 scope) {
    return name(shard(scope), "snaplease", hex(scope));
  }

  /**
   * {@return the name of the right to load an answer}
   *
   * @param vectors of the caches that may wait for it: others cannot take the answer over
   */
  String lease(Hash128 scope, Hash128 key, long vectors) {
    return name(shard(scope), "lease", hex(key) + HexFormat.of().toHexDigits(vectors));
  }

  /** {@return the name of the set of a tenant's scopes} */
  public String tenant(long tenant) {
    return name(COMMON_SHARD, "tenant", HexFormat.of().toHexDigits(tenant));
  }

  public static String hex(Hash128 hash) {
    HexFormat format = HexFormat.of();
    return format.toHexDigits(hash.high()) + format.toHexDigits(hash.low());
  }

  /** {@return the hash that {@link #hex} prints so} */
  public static Optional<Hash128> parse(String hex) {
    try {
      return hex.length() == 32
          ? Optional.of(
              new Hash128(
                  HexFormat.fromHexDigitsToLong(hex, 0, 16),
                  HexFormat.fromHexDigitsToLong(hex, 16, 32)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private String name(int shard, String kind, String hex) {
    return prefix + ":" + Shards.tag(shard) + ":" + kind + ":" + hex;
  }
}
