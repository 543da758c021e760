package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.HostAndPort;

/** The nodes that have been of use, each with its connections. Threading: any number of threads. */
final class Nodes implements AutoCloseable {
  private final ServerSettings settings;
  private final Connections connections;
  private final ConcurrentHashMap<HostAndPort, Node> nodes = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Nodes(ServerSettings settings, Connections connections) {
    this.settings = settings;
    this.connections = connections;
  }

  Node at(HostAndPort address) throws Trouble {
    Node node = nodes.computeIfAbsent(address, this::make);
    if (closed) {
      close();
      throw new Trouble(RedisTrouble.UNREACHABLE);
    }
    return node;
  }

  private Node make(HostAndPort address) {
    return new Node(
        address,
        connections.pool(address),
        new Circuit(settings.failuresMax(), settings.backoff().toNanos(), settings.nanoTime()));
  }

  /**
   * Closes the nodes that are not among these. A command under way on one ends as it would have.
   */
  void retain(Set<HostAndPort> members) {
    nodes.forEach(
        (address, node) -> {
          if (!members.contains(address) && nodes.remove(address, node)) {
            node.close();
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    retain(Set.of());
  }
}
