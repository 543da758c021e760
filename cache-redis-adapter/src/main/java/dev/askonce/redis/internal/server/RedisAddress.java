package dev.askonce.redis.internal.server;

import dev.askonce.engine.CacheException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;

/**
 * Where the servers are, how they are arranged, and who we are to them:
 *
 * <pre>
 *   redis://[[user]:password@]host[:port][/database]
 *   redis-sentinel://[[user]:password@]host[:port],…/MASTERNAME[/database]     hosts of Sentinels
 *   redis-cluster://[[user]:password@]host[:port],…                           some of its nodes
 * </pre>
 *
 * and {@code rediss}, {@code rediss-sentinel}, {@code rediss-cluster} for TLS.
 *
 * <p>Neither errors nor {@link #toString} show the URI, since it may hold a password.
 *
 * @param hosts one server, or where to ask for the servers
 * @param masterName what the Sentinels call the primary; empty without Sentinels
 */
public record RedisAddress(
    Topology topology,
    List<HostAndPort> hosts,
    boolean tls,
    Login login,
    String masterName,
    int database) {
  private static final int PORT = 6379;
  private static final int SENTINEL_PORT = 26379;
  private static final Pattern URI =
      Pattern.compile(
          "redis(?<tls>s?)(?<topology>|-sentinel|-cluster)://"
              + "(?:(?<login>[A-Za-z0-9._~!$&'()*+,;=:%-]*)@)?"
              + "(?<hosts>[^@/?#]+)(?<path>/[^?#]*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");

  /** How servers are arranged. */
  public enum Topology {
    /** One server. */
    SERVER,
    /** A primary and its replicas, watched by Sentinels. */
    SENTINEL,
    /** Primaries that share the slots. */
    CLUSTER
  }

  public static RedisAddress parse(String text) {
    Matcher uri = URI.matcher(text);
    require(
        uri.matches(),
        "begins with redis://, redis-sentinel:// or redis-cluster:// (rediss for TLS), names a"
            + " host, has no ? and no #, and has special characters of the password"
            + " percent-encoded");
    Topology topology =
        switch (uri.group("topology").toLowerCase(Locale.ROOT)) {
          case "-sentinel" -> Topology.SENTINEL;
          case "-cluster" -> Topology.CLUSTER;
          default -> Topology.SERVER;
        };
    String path = uri.group("path") == null ? "" : uri.group("path").substring(1);
    String masterName = "";
    if (topology == Topology.SENTINEL) {
      int slash = path.indexOf('/');
      masterName = slash < 0 ? path : path.substring(0, slash);
      path = slash < 0 ? "" : path.substring(slash + 1);
      require(masterName.matches("[A-Za-z0-9._-]+"), "ends with /, the primary's name and no more");
    }
    int database = database(path);
    require(
        database == 0 || topology != Topology.CLUSTER,
        "names no database, of which a Cluster has only one");
    return new RedisAddress(
        topology,
        hosts(uri.group("hosts"), topology),
        !uri.group("tls").isEmpty(),
        login(uri.group("login")),
        masterName,
        database);
  }

  private static List<HostAndPort> hosts(String text, Topology topology) {
    List<HostAndPort> hosts = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      Matcher host = HOST.matcher(one);
      require(host.matches(), "names hosts as host:port");
      String name = host.group(1);
      int usual = topology == Topology.SENTINEL ? SENTINEL_PORT : PORT;
      int port = host.group(2) == null ? usual : Integer.parseInt(host.group(2));
      require(port >= 1 && port <= 65535, "has ports in 1..65535");
      boolean bracketed = name.startsWith("[");
      hosts.add(new HostAndPort(bracketed ? name.substring(1, name.length() - 1) : name, port));
    }
    require(hosts.size() == 1 || topology != Topology.SERVER, "names one host");
    return List.copyOf(hosts);
  }

  private static int database(String path) {
    if (path.isEmpty()) {
      return 0;
    }
    require(path.matches("[0-9]{1,5}"), "ends with the number of a database, as in /0");
    return Integer.parseInt(path);
  }

  private static Login login(String text) {
    if (text == null) {
      return Login.NONE;
    }
    int colon = text.indexOf(':');
    require(colon >= 0, "has a colon before the password");
    return new Login(part(text.substring(0, colon)), part(text.substring(colon + 1)));
  }

  private static String part(String encoded) {
    try {
      // A plus is itself in a URI; only in a form is it a space.
      return encoded.isEmpty()
          ? null
          : URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Without the cause, whose message may quote the password.
      throw invalid("has a % only before two hexadecimal digits");
    }
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw invalid(rule);
    }
  }

  private static CacheException invalid(String rule) {
    return new CacheException.InvalidOption("the Redis URI is not one that " + rule);
  }

  /** {@return topology, hosts and the primary's name; no secret} */
  @Override
  public String toString() {
    String scheme =
        (tls ? "rediss" : "redis")
            + switch (topology) {
              case SERVER -> "";
              case SENTINEL -> "-sentinel";
              case CLUSTER -> "-cluster";
            };
    String all = hosts.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
    return scheme + "://" + all + (masterName.isEmpty() ? "" : "/" + masterName);
  }
}
