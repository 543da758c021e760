package dev.askonce.redis;

import dev.askonce.engine.CacheException;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.replication.Settings;
import dev.askonce.redis.internal.server.RedisAddress;
import java.time.Duration;

/**
 * The operator's settings of a {@link RedisReplication}. Only the secret has no default. Not
 * thread-safe; reusable.
 */
public final class RedisReplicationBuilder extends RedisBuilder<RedisReplicationBuilder> {
  private Duration transferDeadline = Duration.ofSeconds(2);
  private Duration retention = Duration.ofDays(30);
  private int queueMax = 100_000;
  private long logRecordsMax = 1_000_000;
  private int snapshotEvery = 10_000;
  private Duration patience = Duration.ofSeconds(2);
  private Duration startWait = Duration.ofSeconds(1);
  private Duration closeWait = Duration.ofSeconds(2);
  private Duration idleAfter = Duration.ofHours(1);

  /** A model takes longer, so that who is to ask it is worth waiting for. */
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private static final int CONNECTIONS_MAX = 16;

  RedisReplicationBuilder(RedisAddress address) {
    super(address);
    deadline(DEADLINE);
    connectionsMax(CONNECTIONS_MAX);
  }

  /**
   * How long the server may take to say who of all caches asks the model, before a cache asks by
   * itself. From 1 ms to 10 s; default 1 s.
   */
  @Override
  public RedisReplicationBuilder deadline(Duration value) {
    return super.deadline(value);
  }

  /**
   * The most connections of each kind, and so of questions who asks the model at a time. From 1 to
   * 1,024; default 16.
   */
  @Override
  public RedisReplicationBuilder connectionsMax(int value) {
    return super.connectionsMax(value);
  }

  /**
   * How long the server may take for a part of the log or of a snapshot, which no caller waits for.
   * From 1 ms to 10 s; default 2 s.
   */
  public RedisReplicationBuilder transferDeadline(Duration value) {
    transferDeadline = period("transferDeadline", value);
    return this;
  }

  /**
   * How long logs, snapshots and removals are kept: at least the {@code ttlMax} of every cache, or
   * what was removed could come back. A cache with a longer one is not opened. From 1 s to 3,650
   * days; default 30 days.
   */
  public RedisReplicationBuilder retention(Duration value) {
    retention = between("retention", value, Duration.ofSeconds(1), Duration.ofDays(3650));
    return this;
  }

  /**
   * The most records that wait for the server in memory, of about 100 bytes each. More are found
   * again in the store. From 1 to 10,000,000; default 100,000.
   */
  public RedisReplicationBuilder queueMax(int value) {
    require(value >= 1 && value <= 10_000_000, "queueMax " + value + " not in 1..10000000");
    queueMax = value;
    return this;
  }

  /**
   * The most records in the log of one scope, beside its snapshot; older ones are cut off. From
   * 1,000 to 1,000,000,000; default 1,000,000.
   */
  public RedisReplicationBuilder logRecordsMax(long value) {
    require(
        value >= 1_000 && value <= 1_000_000_000,
        "logRecordsMax " + value + " not in 1000..1000000000");
    logRecordsMax = value;
    return this;
  }

  /**
   * The number of new records in the log of one scope after which a snapshot is made and the log
   * cut behind it. From 1 to 1,000,000,000; default 10,000.
   */
  public RedisReplicationBuilder snapshotEvery(int value) {
    require(value >= 1 && value <= 1_000_000_000, "snapshotEvery " + value + " not in 1..10^9");
    snapshotEvery = value;
    return this;
  }

  /**
   * How long a scope that was here before is not answered from, while the server cannot be asked
   * what was removed meanwhile. From 0 to 1 hour; default 2 s.
   */
  public RedisReplicationBuilder patience(Duration value) {
    patience = between("patience", value, Duration.ZERO, Duration.ofHours(1));
    return this;
  }

  /**
   * How long opening the cache waits until its scopes are up to date. From 0 to 1 hour; default 1
   * s.
   */
  public RedisReplicationBuilder startWait(Duration value) {
    startWait = between("startWait", value, Duration.ZERO, Duration.ofHours(1));
    return this;
  }

  /**
   * How long closing the cache waits until what waits is published; what is not is published after
   * the next opening. From 1 ms to 1 hour; default 2 s.
   */
  public RedisReplicationBuilder closeWait(Duration value) {
    closeWait = between("closeWait", value, Duration.ofMillis(1), Duration.ofHours(1));
    return this;
  }

  /**
   * A scope in which nobody asked or put for so long leaves this cache, and is loaded again when
   * somebody does. From 1 s to 3,650 days; default 1 hour.
   */
  public RedisReplicationBuilder idleAfter(Duration value) {
    idleAfter = between("idleAfter", value, Duration.ofSeconds(1), Duration.ofDays(3650));
    return this;
  }

  /**
   * {@return a replication for one cache} Connections are made when they are needed: a server that
   * is down now is no error.
   *
   * @throws CacheException.InvalidOption if no secret was given
   */
  public RedisReplication build() {
    return new RedisReplication(
        new Settings(
            givenSecret(),
            keyPrefix,
            servers(Sealer.SEALED_BYTES_MAX),
            servers(Sealer.SEALED_BYTES_MAX, transferDeadline),
            retention,
            queueMax,
            logRecordsMax,
            snapshotEvery,
            patience,
            startWait,
            closeWait,
            idleAfter));
  }

  @Override
  RedisReplicationBuilder self() {
    return this;
  }
}
