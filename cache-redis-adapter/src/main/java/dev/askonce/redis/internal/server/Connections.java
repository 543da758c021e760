package dev.askonce.redis.internal.server;

import dev.askonce.engine.CacheException;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
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

/** Makes connections to whichever server, with the settings that hold for all of them. */
final class Connections {
  private final ServerSettings settings;
  private final Optional<SSLContext> trust;

  Connections(ServerSettings settings) {
    this.settings = settings;
    trust = settings.address().tls() ? Optional.of(trust(settings)) : Optional.empty();
  }

  private static SSLContext trust(ServerSettings settings) {
    try {
      return settings.sslContext().isPresent()
          ? settings.sslContext().get()
          : SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new CacheException.InvalidOption("the JVM's TLS settings are unusable: " + e);
    }
  }

  /** {@return a pool of connections to a server that holds data} */
  ConnectionPool pool(HostAndPort server) {
    DefaultJedisClientConfig client = client(settings.address().login(), database());
    JedisSocketFactory sockets = sockets(server, client);
    ConnectionFactory factory =
        ConnectionFactory.builder()
            .clientConfig(client)
            .socketFactory(sockets)
            .connectionBuilder(builder(client, sockets))
            .build();
    GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
    pool.setMaxTotal(settings.connectionsMax());
    pool.setMaxIdle(settings.connectionsMax());
    pool.setMaxWait(settings.deadline());
    pool.setJmxEnabled(false);
    return new ConnectionPool(factory, pool);
  }

  /** {@return a connection to a server that holds data, for one reader} */
  Connection open(HostAndPort server) {
    DefaultJedisClientConfig client = client(settings.address().login(), database());
    return builder(client, sockets(server, client)).build();
  }

  /** {@return a connection to a Sentinel} */
  Connection openSentinel(HostAndPort sentinel) {
    DefaultJedisClientConfig client = client(settings.sentinelLogin(), 0);
    return builder(client, sockets(sentinel, client)).build();
  }

  private int database() {
    return settings.address().database();
  }

  private Connection.Builder builder(DefaultJedisClientConfig client, JedisSocketFactory sockets) {
    return new BoundedConnection.Builder(settings.limits())
        .socketFactory(sockets)
        .clientConfig(client);
  }

  private JedisSocketFactory sockets(HostAndPort server, DefaultJedisClientConfig client) {
    return trust.isPresent()
        ? new TlsSockets(server, client, trust.get())
        : new DefaultJedisSocketFactory(server, client);
  }

  private DefaultJedisClientConfig client(Login login, int database) {
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(Math.toIntExact(settings.connectTimeout().toMillis()))
            .socketTimeoutMillis(Math.toIntExact(settings.deadline().toMillis()))
            .database(database)
            // Redis before 7.2 does not know the command, and a minimal user may not send it.
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
    if (login.user() != null) {
      client.user(login.user());
    }
    if (login.password() != null) {
      client.password(login.password());
    }
    return client.build();
  }
}
