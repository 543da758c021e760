package dev.askonce.redis.internal.operation;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.spi.Removal;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.replication.Keys;
import dev.askonce.redis.internal.server.SetScan;
import dev.askonce.redis.internal.server.Shards;
import dev.askonce.redis.internal.server.Streams;
import dev.askonce.redis.internal.server.UnsoundReply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** Deletes what an installation has on its servers, or what a tenant has there. */
public final class Purge {
  private static final int CLUSTER_PASSES_MAX = 5;

  private final Link link;
  private final String prefix;
  private final LongConsumer progress;
  private long deleted;

  /**
   * @param progress told how many keys were deleted so far, now and then
   */
  public Purge(Link link, String prefix, LongConsumer progress) {
    this.link = link;
    this.prefix = prefix;
    this.progress = progress;
  }

  /** Deletes every key. {@return how many} */
  public long all() {
    // A slot that moves to another node meanwhile can hide its keys from a pass.
    int passesMax = link.primaries().size() == 1 ? 1 : CLUSTER_PASSES_MAX;
    long before = -1;
    for (int pass = 0; pass < passesMax && deleted > before; pass++) {
      before = deleted;
      new Scan(link, prefix).forEach(keys -> delete(keys.stream().map(KeyName::name).toList()));
    }
    return deleted;
  }

  private void delete(List<String> keys) {
    deleted += link.unlink(keys);
    progress.accept(deleted);
  }

  /**
   * Tells all caches that a tenant's entries go, and deletes its logs and snapshots.
   *
   * @param sealer of the installation
   * @return how many keys
   */
  public long tenant(Sealer sealer, long tenant, long nowMillis, long retentionMillis) {
    Keys keys = new Keys(prefix);
    tell(sealer, keys, Removal.named(Removal.Kind.TENANT, tenant, nowMillis), retentionMillis);
    String index = keys.tenant(tenant);
    Set<String> scopes = new HashSet<>();
    String cursor = SetScan.BEGIN;
    do {
      cursor = members(index, cursor, scopes);
    } while (!cursor.equals(SetScan.BEGIN));
    if (!scopes.isEmpty()) {
      new Scan(link, prefix)
          .forEach(
              names ->
                  delete(
                      names.stream()
                          .filter(name -> isOfScope(name) && scopes.contains(name.hex()))
                          .map(KeyName::name)
                          .toList()));
    }
    delete(List.of(index));
    return deleted;
  }

  /** {@return the cursor of the next part} */
  private String members(String index, String cursor, Set<String> scopes) {
    try {
      return SetScan.read(
          link.one(Shards.slot(Keys.COMMON_SHARD), SetScan.next(index, cursor)), scopes);
    } catch (UnsoundReply e) {
      throw new CacheException.ServerUnavailable("a tenant's scopes are not Redis's: " + index);
    }
  }

  private static boolean isOfScope(KeyName name) {
    return switch (name.kind()) {
      case KeyName.LOG, KeyName.SNAPSHOT, KeyName.CHUNK -> true;
      default -> false;
    };
  }

  private void tell(Sealer sealer, Keys keys, Removal removal, long retentionMillis) {
    var control = keys.control();
    long keepUntil = removal.version() + retentionMillis;
    byte[] sealed = sealer.seal(control, new LogRecord.Remove(removal, keepUntil)).bytes();
    byte[] key = Keys.bytes(control.name());
    List<CommandArguments> commands = new ArrayList<>();
    commands.add(Streams.add(key, sealed));
    commands.add(new CommandArguments(Command.PEXPIRE).key(key).add(retentionMillis));
    link.all(Shards.slot(Keys.COMMON_SHARD), commands);
  }
}
