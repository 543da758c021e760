package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Asks the Sentinels for the primary, one after another, beginning with another one each time: one
 * that is cut off from the others may name the old primary.
 *
 * <p>Jedis's own way subscribes to each Sentinel on threads of its own, waits without a bound for
 * the first that answers, and makes connections without our limits.
 */
final class SentinelLocator implements Locator {
  private final ServerSettings settings;
  private final Connections connections;
  private final AtomicInteger turn = new AtomicInteger();

  SentinelLocator(ServerSettings settings, Connections connections) {
    this.settings = settings;
    this.connections = connections;
  }

  @Override
  public SlotTable locate(Set<HostAndPort> known) throws Trouble {
    List<HostAndPort> sentinels = settings.address().hosts();
    Trouble last = null;
    int first = turn.getAndIncrement();
    for (int i = 0; i < sentinels.size(); i++) {
      HostAndPort sentinel = sentinels.get(Math.floorMod(first + i, sentinels.size()));
      try {
        return SlotTable.ofOne(Bounded.within(settings.waitNanosMax(), () -> ask(sentinel)));
      } catch (Trouble e) {
        if (e.kind() == RedisTrouble.INTERRUPTED) {
          throw e;
        }
        last = e;
      }
    }
    throw Locator.none(last);
  }

  private HostAndPort ask(HostAndPort sentinel) throws Trouble {
    CommandArguments question =
        new CommandArguments(Command.SENTINEL)
            .add("get-master-addr-by-name")
            .add(settings.address().masterName());
    try (Connection connection = connections.openSentinel(sentinel)) {
      return primary(BoundedConnection.exchange(connection, List.of(question)).getFirst())
          // Not allowed to ask, or no primary of this name.
          .orElseThrow(() -> new Trouble(RedisTrouble.ERROR_REPLY));
    } catch (JedisException e) {
      throw new Trouble(RedisTrouble.UNREACHABLE);
    }
  }

  /** {@return the primary that a Sentinel names, or empty if it names none} */
  static Optional<HostAndPort> primary(Reply reply) {
    return reply instanceof Reply.Value(List<?> pair)
            && pair.size() == 2
            && pair.get(0) instanceof byte[] host
            && pair.get(1) instanceof byte[] port
        ? NodeAddress.of(
            new String(host, StandardCharsets.UTF_8), new String(port, StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }
}
