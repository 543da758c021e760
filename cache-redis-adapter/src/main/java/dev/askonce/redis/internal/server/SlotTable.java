package dev.askonce.redis.internal.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** {@return the known owners, each with the first of its slots} */
  List<Servers.Primary> primaries() {
    Map<HostAndPort, Integer> first = new LinkedHashMap<>();
    for (int slot = 0; slot < owners.length(); slot++) {
      HostAndPort owner = owners.get(slot);
      if (owner != null) {
        first.putIfAbsent(owner, slot);
      }
    }
    return first.entrySet().stream()
        .map(owned -> new Servers.Primary(owned.getKey(), owned.getValue()))
        .toList();
  }

  Set<HostAndPort> members() {
    return members;
  }
}
