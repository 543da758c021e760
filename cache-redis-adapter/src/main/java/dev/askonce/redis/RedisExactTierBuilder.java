package dev.askonce.redis;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.KeyedHash;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisSocketFactory;

/**
 * The operator's settings of a {@link RedisExactTier}. Only the secret has no default. Not
 * thread-safe; reusable.
 */
public final class RedisExactTierBuilder {
  /** A frame is at most this much longer than its body: header, checksum, content type. */
  private static final int FRAME_BYTES_EXTRA = 512;

  private final RedisAddress address;
  private Optional<KeyedHash> hash = Optional.empty();
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
   * the host of the URI, in any case.
   */
  public RedisExactTierBuilder sslContext(SSLContext value) {
    require(address.tls(), "an SSL context needs a URI that begins with rediss://");
    sslContext = Optional.of(value);
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
    return new RedisExactTier(opened, keyPrefix, answerBytesMax, ttlMax, link());
  }

  /** {@return a link of its own for each call} */
  RedisLink link() {
    long waitNanosMax = connectTimeout.plus(deadline).toNanos();
    Circuit circuit = new Circuit(failuresMax, backoff.toNanos(), nanoTime);
    return new RedisLink(address, connections(), waitNanosMax, circuit);
  }

  private ConnectionPool connections() {
    DefaultJedisClientConfig client = client();
    HostAndPort server = new HostAndPort(address.host(), address.port());
    JedisSocketFactory sockets =
        address.tls()
            ? new TlsSockets(server, client, trust())
            : new DefaultJedisSocketFactory(server, client);
    ConnectionFactory factory =
        ConnectionFactory.builder()
            .clientConfig(client)
            .socketFactory(sockets)
            .connectionBuilder(
                new BoundedConnection.Builder(answerBytesMax + FRAME_BYTES_EXTRA)
                    .socketFactory(sockets)
                    .clientConfig(client))
            .build();
    GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
    pool.setMaxTotal(connectionsMax);
    pool.setMaxIdle(connectionsMax);
    pool.setMaxWait(deadline);
    pool.setJmxEnabled(false);
    return new ConnectionPool(factory, pool);
  }

  private DefaultJedisClientConfig client() {
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(Math.toIntExact(connectTimeout.toMillis()))
            .socketTimeoutMillis(Math.toIntExact(deadline.toMillis()))
            .database(address.database())
            // Redis before 7.2 does not know the command, and a minimal user may not send it.
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
    if (address.user() != null) {
      client.user(address.user());
    }
    if (address.password() != null) {
      client.password(address.password());
    }
    return client.build();
  }

  private SSLContext trust() {
    try {
      return sslContext.isPresent() ? sslContext.get() : SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new CacheException.InvalidOption("the JVM's TLS settings are unusable: " + e);
    }
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
