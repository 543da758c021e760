package dev.askonce.redis.internal.server;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import redis.clients.jedis.HostAndPort;

/**
 * Which primary owns each slot, as was last heard. Without a Cluster one owns all.
 *
 * <p>Threading: any number of threads.
 */
final class SlotTable {
  static final int SLOTS = 16384;

  private final AtomicReferenceArray<HostAndPort> owners;
  private final Set<HostAndPort> members;

  private SlotTable(AtomicReferenceArray<HostAndPort> owners, Set<HostAndPort> members) {
    this.owners = owners;
    this.members = members;
  }

  static SlotTable ofOne(HostAndPort primary) {
    return new SlotTable(new AtomicReferenceArray<>(new HostAndPort[] {primary}), Set.of(primary));
  }

  /**
   * @param owners by slot; null where none is known
   * @param members all nodes, replicas included
   */
  static SlotTable ofCluster(HostAndPort[] owners, Set<HostAndPort> members) {
    return new SlotTable(new AtomicReferenceArray<>(owners), Set.copyOf(members));
  }

  /** {@return the primary of the slot; where none is known another node, which will say so} */
  Optional<HostAndPort> owner(int slot) {
    HostAndPort owner = owners.get(slot % owners.length());
    return owner != null ? Optional.of(owner) : members.stream().findAny();
  }

  /** One slot has moved, and the others probably not. */
  void moved(int slot, HostAndPort to) {
    owners.set(slot % owners.length(), to);
  }

  Set<HostAndPort> members() {
    return members;
  }
}
