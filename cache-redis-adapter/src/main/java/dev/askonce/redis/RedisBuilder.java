package dev.askonce.redis;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.redis.internal.server.Login;
import dev.askonce.redis.internal.server.RedisAddress;
import dev.askonce.redis.internal.server.ReplyLimits;
import dev.askonce.redis.internal.server.ServerSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/**
 * The operator's settings of whatever speaks to the servers of an installation. Only the secret has
 * no default. Not thread-safe.
 *
 * @param <B> the builder that these settings are part of
 */
public abstract sealed class RedisBuilder<B extends RedisBuilder<B>>
    permits RedisExactTierBuilder, RedisInstallationBuilder, RedisReplicationBuilder {
  private final RedisAddress address;
  private Optional<byte[]> secret = Optional.empty();
  private Login sentinelLogin = Login.NONE;
  private Optional<SSLContext> sslContext = Optional.empty();
  String keyPrefix = "askonce";
  private Duration deadline = Duration.ofMillis(50);
  private Duration connectTimeout = Duration.ofMillis(250);
  private int connectionsMax = 8;
  private int failuresMax = 5;
  private Duration backoff = Duration.ofSeconds(1);
  private LongSupplier nanoTime = System::nanoTime;

  RedisBuilder(RedisAddress address) {
    this.address = address;
  }

  abstract B self();

  /**
   * The secret of the installation: all its JVMs have the same, and nobody else has. Another secret
   * is another cache.
   *
   * @param value {@link KeyedHash#SECRET_BYTES} random bytes; copied
   */
  public B secret(byte[] value) {
    int expected = KeyedHash.SECRET_BYTES;
    require(
        value.length == expected,
        "secret has " + value.length + " bytes; give " + expected + " random ones");
    secret = Optional.of(value.clone());
    return self();
  }

  /**
   * What the keys of the installation begin with, before a colon. From 1 to 64 letters, digits and
   * {@code . _ - :}; default {@code askonce}.
   */
  public B keyPrefix(String value) {
    require(
        value.matches("[A-Za-z0-9._:-]{1,64}"),
        "key prefix '" + value + "' is not 1 to 64 letters, digits and . _ - :");
    keyPrefix = value;
    return self();
  }

  /** How long the server may take to answer. From 1 ms to 10 s; default 50 ms. */
  public B deadline(Duration value) {
    deadline = period("deadline", value);
    return self();
  }

  /** How long making a connection may take. From 1 ms to 10 s; default 250 ms. */
  public B connectTimeout(Duration value) {
    connectTimeout = period("connectTimeout", value);
    return self();
  }

  /** The most connections, and so the most commands at a time. From 1 to 1,024; default 8. */
  public B connectionsMax(int value) {
    require(value >= 1 && value <= 1024, "connectionsMax " + value + " not in 1..1024");
    connectionsMax = value;
    return self();
  }

  /** Failures in a row after which the server is left alone. From 1 to 1,000; default 5. */
  public B failuresMax(int value) {
    require(value >= 1 && value <= 1000, "failuresMax " + value + " not in 1..1000");
    failuresMax = value;
    return self();
  }

  /**
   * How long a failing server is left alone between two attempts. From 1 ms to 10 s; default one
   * second.
   */
  public B backoff(Duration value) {
    backoff = period("backoff", value);
    return self();
  }

  /**
   * Whom to trust, and who we are, in TLS. Default the JVM's. The server's certificate must name
   * the host that is connected to, in any case: that of the URI, or the one that Sentinels and the
   * nodes of a Cluster announce.
   */
  public B sslContext(SSLContext value) {
    require(address.tls(), "an SSL context needs a URI that begins with rediss");
    sslContext = Optional.of(value);
    return self();
  }

  /**
   * Who we are to the Sentinels, which have users of their own: the login in the URI is for the
   * servers that they watch. Default nobody.
   *
   * @param user null for the default user
   */
  public B sentinelLogin(String user, String password) {
    require(
        address.topology() == RedisAddress.Topology.SENTINEL,
        "a login for Sentinels needs a URI that begins with redis-sentinel://");
    sentinelLogin = new Login(user, password);
    return self();
  }

  /** The monotonic clock of the back-off, in nanoseconds. Default {@link System#nanoTime}. */
  public B nanoTime(LongSupplier value) {
    nanoTime = value;
    return self();
  }

  Optional<byte[]> secret() {
    return secret;
  }

  /**
   * {@return the secret}
   *
   * @throws CacheException.InvalidOption if none was given
   */
  byte[] givenSecret() {
    return secret()
        .orElseThrow(() -> new CacheException.InvalidOption("give the secret of the installation"));
  }

  /**
   * {@return the way to the servers}
   *
   * @param valueBytesMax the longest value that is read
   */
  ServerSettings servers(int valueBytesMax) {
    return servers(valueBytesMax, deadline);
  }

  ServerSettings servers(int valueBytesMax, Duration itsDeadline) {
    return new ServerSettings(
        address,
        sentinelLogin,
        sslContext,
        itsDeadline,
        connectTimeout,
        connectionsMax,
        ReplyLimits.ofValues(valueBytesMax),
        failuresMax,
        backoff,
        nanoTime);
  }

  static Duration period(String name, Duration value) {
    require(
        value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(Duration.ofSeconds(10)) <= 0,
        name + " " + value + " not in 1 ms..10 s");
    return value;
  }

  static Duration between(String name, Duration value, Duration least, Duration most) {
    require(
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        name + " " + value + " not in " + least + ".." + most);
    return value;
  }

  static void require(boolean holds, String message) {
    if (!holds) {
      throw new CacheException.InvalidOption(message);
    }
  }
}
