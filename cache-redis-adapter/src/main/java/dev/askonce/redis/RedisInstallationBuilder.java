package dev.askonce.redis;

import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.server.RedisAddress;
import dev.askonce.redis.internal.server.Servers;
import java.time.Duration;

/**
 * The settings of a {@link RedisInstallation}. The secret is needed for what {@link
 * RedisInstallation} says; the deadline is two seconds unless set. Not thread-safe; reusable.
 */
public final class RedisInstallationBuilder extends RedisBuilder<RedisInstallationBuilder> {
  private Duration retention = Duration.ofDays(30);

  RedisInstallationBuilder(RedisAddress address) {
    super(address);
    deadline(Duration.ofSeconds(2));
  }

  /**
   * As {@link RedisReplicationBuilder#retention}: how long a removal that is told here is
   * remembered. From 1 s to 3,650 days; default 30 days.
   */
  public RedisInstallationBuilder retention(Duration value) {
    retention = between("retention", value, Duration.ofSeconds(1), Duration.ofDays(3650));
    return this;
  }

  /** Opens the installation. Connections are made when they are needed. */
  public RedisInstallation open() {
    return new RedisInstallation(
        secret(), keyPrefix, retention.toMillis(), Servers.open(servers(Sealer.SEALED_BYTES_MAX)));
  }

  @Override
  RedisInstallationBuilder self() {
    return this;
  }
}
