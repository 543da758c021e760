package dev.askonce.engine.internal.cache;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.LoadLease;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.engine.spi.Replication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A replication without a network: what is to be told waits until the test delivers it. */
class MemoryReplication implements Replication {
  /** Entries and removals that this cache has to tell the others. */
  final List<Object> told = new ArrayList<>();

  final List<Hash128> used = new CopyOnWriteArrayList<>();
  private final List<Removal> removals = new CopyOnWriteArrayList<>();
  Replica replica;
  boolean serving = true;
  boolean closed;
  LoadLease lease = LoadLease.UNSHARED;

  @Override
  public byte[] secret() {
    return CacheHouse.key((byte) 3);
  }

  @Override
  public void start(Replica value) {
    replica = value;
  }

  @Override
  public synchronized void stored(Hash128 scope, Hash128 key) {
    told.add(replica.find(scope, key).orElseThrow());
  }

  @Override
  public void removing(Removal removal) {
    removals.add(removal);
    told.add(removal);
  }

  @Override
  public long versionMin() {
    return removals.stream().mapToLong(Removal::version).max().orElse(-1) + 1;
  }

  @Override
  public boolean admits(ReplicaEntry entry) {
    return removals.stream().noneMatch(removal -> removal.covers(entry));
  }

  @Override
  public boolean serves(Hash128 scope, long tenant) {
    return serving;
  }

  @Override
  public void used(Hash128 scope, Hash128 key) {
    used.add(key);
  }

  @Override
  public LoadLease lead(Hash128 scope, Hash128 key) {
    return lease;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Takes what another cache told. */
  Replica.Outcome deliver(Object message) {
    if (message instanceof Removal removal) {
      removals.add(removal);
      replica.remove(removal);
      return Replica.Outcome.REMOVED;
    }
    return replica.put((ReplicaEntry) message);
  }

  /** {@return the entry that was told first, and not delivered} */
  ReplicaEntry firstTold() {
    return (ReplicaEntry) told.getFirst();
  }

  /** {@return all entries, by key} */
  Map<String, ReplicaEntry> content() {
    Map<String, ReplicaEntry> content = new TreeMap<>();
    for (Hash128 scope : replica.scopes()) {
      replica.forEach(scope, entry -> content.put(entry.key().toString(), entry));
    }
    return content;
  }
}
