package dev.askonce.redis.internal.server;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/**
 * Where the servers are and how patient we are with them.
 *
 * @param sentinelLogin who we are to the Sentinels; they have users of their own
 * @param sslContext what to trust; empty for the JVM's own settings
 * @param deadline how long the servers may take to answer one call
 * @param connectTimeout how long making a connection may take
 * @param connectionsMax to one node, readers not counted
 * @param failuresMax in a row, after which a node is left alone
 * @param backoff how long a failing node is left alone between two attempts
 */
public record ServerSettings(
    RedisAddress address,
    Login sentinelLogin,
    Optional<SSLContext> sslContext,
    Duration deadline,
    Duration connectTimeout,
    int connectionsMax,
    ReplyLimits limits,
    int failuresMax,
    Duration backoff,
    LongSupplier nanoTime) {

  /** {@return the longest that one exchange takes, a connection made for it included} */
  long waitNanosMax() {
    return connectTimeout.plus(deadline).toNanos();
  }
}
