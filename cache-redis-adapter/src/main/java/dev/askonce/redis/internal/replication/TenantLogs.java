package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.internal.log.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which logs are a tenant's, so that they can be deleted with it. Threading: any thread. */
final class TenantLogs {
  private static final Logger LOG = LoggerFactory.getLogger(TenantLogs.class);

  private final Commands commands;
  private final Keys keys;
  private final Snapshots snapshots;
  private final Subscriptions subscriptions;
  private final long retentionMillis;

  /** Tenants whose logs may still be there. */
  private final Set<Long> failed = ConcurrentHashMap.newKeySet();

  TenantLogs(
      Commands commands,
      Keys keys,
      Snapshots snapshots,
      Subscriptions subscriptions,
      long retentionMillis) {
    this.commands = commands;
    this.keys = keys;
    this.snapshots = snapshots;
    this.subscriptions = subscriptions;
    this.retentionMillis = retentionMillis;
  }

  /** Notes whose scope this is, so that a tenant's logs can be found and deleted. */
  void add(Subscription stream) {
    try {
      commands.addToSet(
          Keys.COMMON_SHARD, keys.tenant(stream.tenant), Keys.hex(stream.scope()), retentionMillis);
    } catch (LinkDown e) {
      stream.indexed.set(false);
    }
  }

  /** Deletes logs and snapshots that could not be deleted when it was their time. */
  void purgeAgain() {
    for (long tenant : failed) {
      failed.remove(tenant);
      purge(tenant);
    }
  }

  /** Deletes the logs and snapshots of a tenant, whose entries every cache removes. */
  void purge(long tenant) {
    try {
      for (String member : commands.membersOf(Keys.COMMON_SHARD, keys.tenant(tenant))) {
        commands.requireOpen();
        Optional<Hash128> scope = Keys.parse(member);
        if (scope.isPresent()) {
          purge(subscriptions.describe(scope.get()));
        }
      }
      for (Subscription stream : subscriptions.scopes()) {
        // One that is not in the index yet.
        if (stream.tenant == tenant) {
          purge(stream);
          stream.indexed.set(false);
        }
      }
      commands.unlink(Keys.COMMON_SHARD, List.of(keys.tenant(tenant)));
    } catch (LinkDown e) {
      failed.add(tenant);
      LOG.warn(
          "logs of a deleted tenant are still on the server, sealed, which is tried again while"
              + " this cache is open; `askonce redis purge --tenant` does it without: {}",
          e.getMessage());
    }
  }

  private void purge(Subscription stream) throws LinkDown {
    List<String> names = new ArrayList<>();
    names.add(stream.stream.name());
    names.add(keys.manifest(stream.scope()));
    Optional<SnapshotManifest> manifest = snapshots.find(stream);
    for (int i = 0; i < manifest.map(SnapshotManifest::chunkCount).orElse(0); i++) {
      names.add(keys.chunk(stream.scope(), manifest.get().generation(), i));
    }
    commands.unlink(stream.shard, names);
  }
}
