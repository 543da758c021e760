package dev.askonce.redis.internal.server;

import java.util.Optional;
import redis.clients.jedis.HostAndPort;

/**
 * A Cluster's answer that another node is to be asked: {@code MOVED slot host:port} from now on,
 * {@code ASK slot host:port} for this once, while the slot is under way.
 */
record Redirection(boolean once, HostAndPort to) {
  /**
   * {@return where the reply sends its command, if it does}
   *
   * @param asked the node that replied: a host that is left out is its own
   */
  static Optional<Redirection> of(Reply reply, HostAndPort asked) {
    if (!(reply instanceof Reply.Refusal refusal)) {
      return Optional.empty();
    }
    boolean once = refusal.is("ASK");
    if (!once && !refusal.is("MOVED")) {
      return Optional.empty();
    }
    String[] words = refusal.error().split(" ", -1);
    String where = words[words.length - 1];
    int colon = where.lastIndexOf(':');
    if (words.length != 3 || colon < 0) {
      throw new UnsoundReply("a redirection to nowhere");
    }
    String host = colon == 0 ? asked.getHost() : where.substring(0, colon);
    return NodeAddress.of(host, where.substring(colon + 1))
        .map(to -> Optional.of(new Redirection(once, to)))
        .orElseThrow(() -> new UnsoundReply("a redirection to nowhere"));
  }
}
