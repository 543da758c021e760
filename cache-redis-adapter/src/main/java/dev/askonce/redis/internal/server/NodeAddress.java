package dev.askonce.redis.internal.server;

import java.util.Optional;
import java.util.regex.Pattern;
import redis.clients.jedis.HostAndPort;

/**
 * Where a server says that another one is. A connection is made there, with our login, and its name
 * gets into logs: what no host or port can be is not believed.
 */
final class NodeAddress {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,255}");
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
  private static final int PORT_MAX = 65535;

  private NodeAddress() {}

  /** {@return the address, or empty if there is none such} */
  static Optional<HostAndPort> of(String host, String port) {
    return PORT.matcher(port).matches() ? of(host, Integer.parseInt(port)) : Optional.empty();
  }

  /** {@return the address, or empty if there is none such} */
  static Optional<HostAndPort> of(String host, long port) {
    return HOST.matcher(host).matches() && port >= 1 && port <= PORT_MAX
        ? Optional.of(new HostAndPort(host, (int) port))
        : Optional.empty();
  }
}
