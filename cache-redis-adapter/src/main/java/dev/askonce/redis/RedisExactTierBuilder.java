package dev.askonce.redis;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.redis.internal.server.Login;
import dev.askonce.redis.internal.server.RedisAddress;
import dev.askonce.redis.internal.server.ReplyLimits;
import dev.askonce.redis.internal.server.ServerSettings;
import dev.askonce.redis.internal.server.Servers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/**
 * The operator's settings of a {@link RedisExactTier}. Only the secret has no default. Not
 * thread-safe; reusable.
 */
public final class RedisExactTierBuilder {
  /** A frame is at most this much longer than its body: header, checksum, content type. */
  private static final int FRAME_BYTES_EXTRA = 512;

  private final RedisAddress address;
  private Optional<KeyedHash> hash = Optional.empty();
  private Login sentinelLogin = Login.NONE;
  private Optional<SSLContext> sslContext = Optional.empty();
  private String keyPrefix = "askonce";
  private Duration deadline = Duration.ofMillis(50);
  private Duration connectTimeout = Duration.ofMillis(250);
  private int connectionsMax = 8;
  private int answerBytesMax = 64 * 1024;
  private Duration ttlMax = Duration.ofDays(30);
  private int failuresMax = 5;
  private Duration backoff = Duration.ofSeconds(1);
  private LongSupplier nanoTime = System::nanoTime;

  RedisExactTierBuilder(RedisAddress address) {
    this.address = address;
  }

  /**
   * The secret of the installation: all its JVMs have the same, and nobody else has. Another secret
   * is another cache.
   *
   * @param value {@link KeyedHash#SECRET_BYTES} random bytes; only a key made of them is kept
   */
  public RedisExactTierBuilder secret(byte[] value) {
    int expected = KeyedHash.SECRET_BYTES;
    require(
        value.length == expected,
        "secret has " + value.length + " bytes; give " + expected + " random ones");
    hash = Optional.of(new KeyedHash(value));
    return this;
  }

  /**
   * What the keys of the installation begin with, before a colon. From 1 to 64 letters, digits and
   * {@code . _ - :}; default {@code askonce}.
   */
  public RedisExactTierBuilder keyPrefix(String value) {
    require(
        value.matches("[A-Za-z0-9._:-]{1,64}"),
        "key prefix '" + value + "' is not 1 to 64 letters, digits and . _ - :");
    keyPrefix = value;
    return this;
  }

  /** How long the server may take to answer. From 1 ms to 10 s; default 50 ms. */
  public RedisExactTierBuilder deadline(Duration value) {
    deadline = period("deadline", value);
    return this;
  }

  /** How long making a connection may take. From 1 ms to 10 s; default 250 ms. */
  public RedisExactTierBuilder connectTimeout(Duration value) {
    connectTimeout = period("connectTimeout", value);
    return this;
  }

  /** The most connections, and so the most commands at a time. From 1 to 1,024; default 8. */
  public RedisExactTierBuilder connectionsMax(int value) {
    require(value >= 1 && value <= 1024, "connectionsMax " + value + " not in 1..1024");
    connectionsMax = value;
    return this;
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

  /** Failures in a row after which the server is left alone. From 1 to 1,000; default 5. */
  public RedisExactTierBuilder failuresMax(int value) {
    require(value >= 1 && value <= 1000, "failuresMax " + value + " not in 1..1000");
    failuresMax = value;
    return this;
  }

  /**
   * How long a failing server is left alone between two attempts. From 1 ms to 10 s; default one
   * second.
   */
  public RedisExactTierBuilder backoff(Duration value) {
    backoff = period("backoff", value);
    return this;
  }

  /**
   * Whom to trust, and who we are, in TLS. Default the JVM's. The server's certificate must name
   * the host that is connected to, in any case: that of the URI, or the one that Sentinels and the
   * nodes of a Cluster announce.
   */
  public RedisExactTierBuilder sslContext(SSLContext value) {
    require(address.tls(), "an SSL context needs a URI that begins with rediss");
    sslContext = Optional.of(value);
    return this;
  }

  /**
   * Who we are to the Sentinels, which have users of their own: the login in the URI is for the
   * servers that they watch. Default nobody.
   *
   * @param user null for the default user
   */
  public RedisExactTierBuilder sentinelLogin(String user, String password) {
    require(
        address.topology() == RedisAddress.Topology.SENTINEL,
        "a login for Sentinels needs a URI that begins with redis-sentinel://");
    sentinelLogin = new Login(user, password);
    return this;
  }

  /** The monotonic clock of the back-off, in nanoseconds. Default {@link System#nanoTime}. */
  public RedisExactTierBuilder nanoTime(LongSupplier value) {
    nanoTime = value;
    return this;
  }

  /**
   * Opens the tier. Connections are made when they are needed: a server that is down now is no
   * error.
   *
   * @throws CacheException.InvalidOption if no secret was given
   */
  public RedisExactTier open() {
    KeyedHash opened =
        hash.orElseThrow(
            () -> new CacheException.InvalidOption("give the secret of the installation"));
    return new RedisExactTier(opened, keyPrefix, answerBytesMax, ttlMax, Servers.open(servers()));
  }

  ServerSettings servers() {
    return new ServerSettings(
        address,
        sentinelLogin,
        sslContext,
        deadline,
        connectTimeout,
        connectionsMax,
        ReplyLimits.ofValues(answerBytesMax + FRAME_BYTES_EXTRA),
        failuresMax,
        backoff,
        nanoTime);
  }

  private static Duration period(String name, Duration value) {
    require(
        value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(Duration.ofSeconds(10)) <= 0,
        name + " " + value + " not in 1 ms..10 s");
    return value;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new CacheException.InvalidOption(message);
    }
  }
}
