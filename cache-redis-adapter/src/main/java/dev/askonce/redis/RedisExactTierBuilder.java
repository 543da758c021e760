package dev.askonce.redis;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.redis.internal.server.RedisAddress;
import dev.askonce.redis.internal.server.ServerSettings;
import dev.askonce.redis.internal.server.Servers;
import java.time.Duration;
import java.time.InstantSource;

/**
 * The operator's settings of a {@link RedisExactTier}. Only the secret has no default. Not
 * thread-safe; reusable.
 */
public final class RedisExactTierBuilder extends RedisBuilder<RedisExactTierBuilder> {
  /** A frame is at most this much longer than its body: header, checksum, content type. */
  private static final int FRAME_BYTES_EXTRA = 512;

  private int answerBytesMax = 64 * 1024;
  private Duration ttlMax = Duration.ofDays(30);
  private InstantSource clock = InstantSource.system();

  RedisExactTierBuilder(RedisAddress address) {
    super(address);
  }

  /** The largest body that is stored. From 1 to 1,048,576; default 64 KiB. */
  public RedisExactTierBuilder answerBytesMax(int value) {
    require(value >= 1 && value <= 1 << 20, "answerBytesMax " + value + " not in 1..1048576");
    answerBytesMax = value;
    return this;
  }

  /** The longest TTL that a store may ask for. From 1 ms to 3,650 days; default 30 days. */
  public RedisExactTierBuilder ttlMax(Duration value) {
    require(
        value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(Duration.ofDays(3650)) <= 0,
        "ttlMax " + value + " not in 1 ms..3650 days");
    ttlMax = value;
    return this;
  }

  /**
   * The wall clock by which answers end that the server does not end. Default the system's. Where
   * it is ahead of that of the JVM that stored an answer, the answer may end as much earlier.
   */
  public RedisExactTierBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  /**
   * Opens the tier. Connections are made when they are needed: a server that is down now is no
   * error.
   *
   * @throws CacheException.InvalidOption if no secret was given
   */
  public RedisExactTier open() {
    return new RedisExactTier(
        new KeyedHash(givenSecret()),
        keyPrefix,
        answerBytesMax,
        ttlMax,
        clock,
        Servers.open(servers()));
  }

  ServerSettings servers() {
    return servers(answerBytesMax + FRAME_BYTES_EXTRA);
  }

  @Override
  RedisExactTierBuilder self() {
    return this;
  }
}
