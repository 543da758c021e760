package dev.askonce.redis.internal.server;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;

/**
 * Goes through the members of a set, a bounded part at a time: all at once would hold up the server
 * and be cut at the limit of a reply. As SSCAN has it: members that are there from beginning to end
 * are shown at least once, others perhaps.
 */
public final class SetScan {
  /** The cursor to begin with, which comes back at the end. */
  public static final String BEGIN = "0";

  private static final int LOOKED_AT = 1_000;

  private SetScan() {}

  public static CommandArguments next(String key, String cursor) {
    return new CommandArguments(Command.SSCAN)
        .key(key)
        .add(cursor)
        .add(Keyword.COUNT)
        .add(LOOKED_AT);
  }

  /**
   * Adds the members in a reply.
   *
   * @return the cursor of the next part
   */
  public static String read(Reply reply, Collection<String> members) {
    if (!(reply instanceof Reply.Value(List<?> page)
        && page.size() == 2
        && page.get(0) instanceof byte[] cursor
        && page.get(1) instanceof List<?> elements)) {
      throw new UnsoundReply("not a part of a set");
    }
    for (Object element : elements) {
      if (!(element instanceof byte[] member)) {
        throw new UnsoundReply("not a member of a set");
      }
      members.add(new String(member, StandardCharsets.UTF_8));
    }
    return new String(cursor, StandardCharsets.US_ASCII);
  }
}
