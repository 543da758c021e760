package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import java.util.HashMap;
import java.util.Map;

/** What a log says, without its contents: the highest version of each key, and of each removal. */
final class LogIndex {
  private record Target(Removal.Kind kind, Hash128 scope, Hash128 key, long name) {}

  private final Map<Hash128, Long> entries = new HashMap<>();
  private final Map<Target, Long> removals = new HashMap<>();

  void add(ReplicaEntry entry) {
    entries.merge(entry.key(), entry.version(), Math::max);
  }

  void add(Removal removal) {
    removals.merge(target(removal), removal.version(), Math::max);
  }

  /** {@return whether there is an entry of this key as new as this one} */
  boolean has(ReplicaEntry entry) {
    return entries.getOrDefault(entry.key(), Long.MIN_VALUE) >= entry.version();
  }

  boolean has(Removal removal) {
    return removals.getOrDefault(target(removal), Long.MIN_VALUE) >= removal.version();
  }

  /** {@return whether there is a newer entry of this key} */
  boolean hasNewer(ReplicaEntry entry) {
    return entries.getOrDefault(entry.key(), Long.MIN_VALUE) > entry.version();
  }

  private static Target target(Removal removal) {
    return new Target(removal.kind(), removal.scope(), removal.key(), removal.name());
  }
}
