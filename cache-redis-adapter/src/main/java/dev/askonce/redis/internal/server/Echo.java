package dev.askonce.redis.internal.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * A number that the server repeats behind its replies: most replies do not say what they answer.
 * Where the user may not send {@code PING}, nothing is checked.
 */
public final class Echo {
  private final byte[] number =
      Long.toHexString(ThreadLocalRandom.current().nextLong()).getBytes(StandardCharsets.US_ASCII);

  /** {@return the command to be sent after the others} */
  public CommandArguments command() {
    return new CommandArguments(Command.PING).add(number);
  }

  /**
   * Looks at the reply to it.
   *
   * @throws UnsoundReply if it is not this number
   */
  public void check(Reply reply) {
    boolean same =
        switch (reply) {
          case Reply.Value(byte[] repeated) -> Arrays.equals(repeated, number);
          case Reply.Value value -> false;
          // While it is loading, and after all that it refuses in the same way.
          case Reply.Refusal refusal -> true;
        };
    if (!same) {
      throw new UnsoundReply("replies to another connection");
    }
  }
}
