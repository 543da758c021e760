package dev.askonce.redis.internal.replication;

import dev.askonce.redis.internal.server.ServerSettings;
import java.time.Duration;

/**
 * What the operator set; validated by the builder.
 *
 * @param secret of the installation
 * @param servers for leases, which a caller waits for
 * @param transfers for the log and snapshots, which nobody waits for
 * @param retention how long the log and removals are kept: no entry lives longer
 * @param queueMax records that may wait for the server
 * @param logRecordsMax records in the log of one scope, give or take a few
 * @param snapshotEvery records in the log of one scope after which there is a new snapshot
 * @param patience how long a scope that was here before is not answered from while the server
 *     cannot be asked what changed meanwhile
 * @param startWait how long the opening of the cache waits for what changed meanwhile
 * @param closeWait how long its closing waits for what is not yet published
 * @param idleAfter a scope in which nobody asked for so long is forgotten
 */
public record Settings(
    byte[] secret,
    String keyPrefix,
    ServerSettings servers,
    ServerSettings transfers,
    Duration retention,
    int queueMax,
    long logRecordsMax,
    int snapshotEvery,
    Duration patience,
    Duration startWait,
    Duration closeWait,
    Duration idleAfter) {}
