package dev.askonce.redis.internal.operation;

import dev.askonce.engine.CacheException;
import dev.askonce.redis.internal.server.Reply;
import dev.askonce.redis.internal.server.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;

/**
 * Goes through the keys of an installation, on every primary, a bounded part at a time. As SCAN has
 * it: keys that are there from beginning to end are shown at least once, others perhaps.
 */
final class Scan {
  /** How many keys the server looks at for one reply: about half a millisecond of its time. */
  private static final int LOOKED_AT = 1_000;

  private final Link link;
  private final String prefix;

  Scan(Link link, String prefix) {
    this.link = link;
    this.prefix = prefix;
  }

  void forEach(Consumer<List<KeyName>> action) {
    for (Servers.Primary primary : link.primaries()) {
      String cursor = "0";
      do {
        List<?> page = page(primary, cursor);
        List<KeyName> names = new ArrayList<>();
        for (Object name : (List<?>) page.get(1)) {
          KeyName.parse(prefix, Link.text(name)).ifPresent(names::add);
        }
        if (!names.isEmpty()) {
          action.accept(names);
        }
        cursor = Link.text(page.getFirst());
      } while (!cursor.equals("0"));
    }
  }

  private List<?> page(Servers.Primary primary, String cursor) {
    CommandArguments scan =
        new CommandArguments(Command.SCAN)
            .add(cursor)
            .add(Keyword.MATCH)
            .add(prefix + ":*")
            .add(Keyword.COUNT)
            .add(LOOKED_AT);
    if (link.one(primary.slot(), scan) instanceof Reply.Value(List<?> page)
        && page.size() == 2
        && page.get(0) instanceof byte[]
        && page.get(1) instanceof List<?>) {
      return page;
    }
    throw new CacheException.ServerUnavailable(primary.address() + " does not list its keys");
  }
}
