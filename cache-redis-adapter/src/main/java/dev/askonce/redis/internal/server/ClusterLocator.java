package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/**
 * Asks the nodes of a Cluster who owns which slots, one after another, beginning with another one
 * each time: one that is cut off from the others may not know.
 *
 * <p>Jedis's own slot cache makes its connections itself, without our limits, and cannot be opened
 * while no node answers.
 */
final class ClusterLocator implements Locator {
  private final ServerSettings settings;
  private final Nodes nodes;
  private final AtomicInteger turn = new AtomicInteger();

  ClusterLocator(ServerSettings settings, Nodes nodes) {
    this.settings = settings;
    this.nodes = nodes;
  }

  @Override
  public SlotTable locate(Set<HostAndPort> known) throws Trouble {
    Set<HostAndPort> all = new LinkedHashSet<>(known);
    all.addAll(settings.address().hosts());
    List<HostAndPort> order = new ArrayList<>(all);
    Trouble last = null;
    int first = turn.getAndIncrement();
    for (int i = 0; i < order.size(); i++) {
      Node node = nodes.at(order.get(Math.floorMod(first + i, order.size())));
      try {
        return Bounded.within(settings.waitNanosMax(), () -> ask(node));
      } catch (Trouble e) {
        if (e.kind() == RedisTrouble.INTERRUPTED) {
          throw e;
        }
        last = e;
      }
    }
    throw Locator.none(last);
  }

  private static SlotTable ask(Node node) throws Trouble {
    CommandArguments question = new CommandArguments(Command.CLUSTER).add("SLOTS");
    return table(node.exchange(List.of(question), List::getFirst), node.address());
  }

  /** {@return who owns which slots, as the node that was asked has replied} */
  static SlotTable table(Reply reply, HostAndPort asked) throws Trouble {
    if (reply instanceof Reply.Value(List<?> ranges) && !ranges.isEmpty()) {
      HostAndPort[] owners = new HostAndPort[SlotTable.SLOTS];
      Set<HostAndPort> members = new HashSet<>();
      for (Object range : ranges) {
        fill(owners, members, range, asked);
      }
      return SlotTable.ofCluster(owners, members);
    }
    // Not a Cluster, not allowed to ask, or a node that has just been reset.
    throw new Trouble(RedisTrouble.ERROR_REPLY);
  }

  /** One range: its first and last slot, its primary, and its replicas. */
  private static void fill(
      HostAndPort[] owners, Set<HostAndPort> members, Object range, HostAndPort asked)
      throws Trouble {
    if (!(range instanceof List<?> parts
        && parts.size() >= 3
        && parts.get(0) instanceof Long first
        && parts.get(1) instanceof Long last
        && 0 <= first
        && first <= last
        && last < owners.length)) {
      throw new Trouble(RedisTrouble.UNDECODABLE);
    }
    Optional<HostAndPort> primary = node(parts.get(2), asked);
    for (int slot = first.intValue(); slot <= last; slot++) {
      owners[slot] = primary.orElse(null);
    }
    for (Object member : parts.subList(2, parts.size())) {
      node(member, asked).ifPresent(members::add);
    }
  }

  /** {@return where a node is, or empty if the one that was asked does not know} */
  private static Optional<HostAndPort> node(Object node, HostAndPort asked) throws Trouble {
    if (node instanceof List<?> parts
        && parts.size() >= 2
        && (parts.get(0) == null || parts.get(0) instanceof byte[])
        && parts.get(1) instanceof Long port) {
      // A node that does not know its own address leaves it out: it is where we asked.
      boolean named = parts.get(0) instanceof byte[] host && host.length > 0;
      String name =
          named ? new String((byte[]) parts.get(0), StandardCharsets.UTF_8) : asked.getHost();
      return NodeAddress.of(name, port);
    }
    throw new Trouble(RedisTrouble.UNDECODABLE);
  }
}
