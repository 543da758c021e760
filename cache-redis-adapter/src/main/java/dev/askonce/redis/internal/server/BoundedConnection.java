package dev.askonce.redis.internal.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A Jedis connection that reads replies within limits, and believes no byte that came before the
 * command it would be the reply to.
 *
 * <p>Confined to the thread that borrowed it.
 */
final class BoundedConnection extends Connection {
  private final ReplyLimits limits;

  /** The stream of the first reply on; null before. */
  private RedisInputStream input;

  /** Commands sent whose replies are not read yet. */
  private int pendingCount;

  private BoundedConnection(Builder builder) {
    super(builder);
    limits = builder.limits;
  }

  /** Makes the connections to one server. */
  static final class Builder extends Connection.Builder {
    private final ReplyLimits limits;

    Builder(ReplyLimits limits) {
      this.limits = limits;
    }

    @Override
    protected Connection createConnection() {
      return new BoundedConnection(this);
    }
  }

  /** {@return a reply to each command, in their order; all are sent before the first is read} */
  static List<Reply> exchange(Connection connection, List<CommandArguments> commands) {
    commands.forEach(connection::sendCommand);
    List<Reply> replies = new ArrayList<>(commands.size());
    for (int i = 0; i < commands.size(); i++) {
      replies.add(reply(connection));
    }
    return replies;
  }

  private static Reply reply(Connection connection) {
    try {
      return new Reply.Value(connection.getOne());
    } catch (JedisDataException e) {
      // An error is a whole reply like any other.
      return new Reply.Refusal(e.getMessage());
    }
  }

  @Override
  public void sendCommand(CommandArguments command) {
    if (pendingCount == 0) {
      refuseSurplus();
    }
    pendingCount++;
    super.sendCommand(command);
  }

  /** Bytes that nobody has asked for would be taken for the reply to the next command. */
  private void refuseSurplus() {
    try {
      if (input != null && input.available() > 0) {
        setBroken();
        throw new JedisConnectionException("reply without a command");
      }
    } catch (IOException e) {
      setBroken();
      throw new JedisConnectionException(e);
    }
  }

  @Override
  protected Object protocolRead(RedisInputStream in) {
    input = in;
    pendingCount--;
    return new ReplyReader(in, limits).read();
  }
}
