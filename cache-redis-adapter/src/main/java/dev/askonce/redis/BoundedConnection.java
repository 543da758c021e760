package dev.askonce.redis;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A Jedis connection that reads the four kinds of RESP2 reply our commands can get, each within a
 * limit. Jedis itself allocates whatever length a reply claims, and does not look at the bytes that
 * end it: a garbled length could take the heap, a shifted stream go unnoticed.
 *
 * <p>Confined to the thread that borrowed it.
 */
final class BoundedConnection extends Connection {
  private static final int LINE_BYTES_MAX = 512;
  private static final int NUMBER_CHARS_MAX = 20;

  private final int bulkBytesMax;

  /** The stream of the first reply on; null before. */
  private RedisInputStream input;

  private BoundedConnection(Builder builder) {
    super(builder);
    bulkBytesMax = builder.bulkBytesMax;
  }

  /** Makes the connections of one pool. */
  static final class Builder extends Connection.Builder {
    private final int bulkBytesMax;

    /**
     * @param bulkBytesMax the longest value that is read
     */
    Builder(int bulkBytesMax) {
      this.bulkBytesMax = bulkBytesMax;
    }

    @Override
    protected Connection createConnection() {
      return new BoundedConnection(this);
    }
  }

  @Override
  public void sendCommand(CommandArguments command) {
    refuseSurplus();
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
    byte kind = in.readByte();
    return switch (kind) {
      case '+' -> line(in);
      case '-' -> throw new JedisDataException(new String(line(in), StandardCharsets.ISO_8859_1));
      case ':' -> number(in);
      case '$' -> bulk(in);
      default -> throw new JedisConnectionException("reply of kind " + kind);
    };
  }

  private byte[] bulk(RedisInputStream in) {
    long length = number(in);
    if (length == -1) {
      return null;
    }
    if (length < 0) {
      throw new JedisConnectionException("value of length " + length);
    }
    if (length > bulkBytesMax) {
      throw new UnsoundReply("value of " + length + " bytes, the limit is " + bulkBytesMax);
    }
    byte[] value = new byte[(int) length];
    for (int read = 0; read < value.length; ) {
      read += in.read(value, read, value.length - read);
    }
    if (in.readByte() != '\r' || in.readByte() != '\n') {
      throw new JedisConnectionException("value without its end");
    }
    return value;
  }

  private static long number(RedisInputStream in) {
    byte[] line = line(in);
    if (line.length <= NUMBER_CHARS_MAX) {
      try {
        return Long.parseLong(new String(line, StandardCharsets.ISO_8859_1));
      } catch (NumberFormatException e) {
        throw new JedisConnectionException("number expected", e);
      }
    }
    throw new JedisConnectionException("number of " + line.length + " characters");
  }

  private static byte[] line(RedisInputStream in) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(32);
    for (byte b = in.readByte(); b != '\r'; b = in.readByte()) {
      if (line.size() == LINE_BYTES_MAX) {
        throw new JedisConnectionException("line longer than " + LINE_BYTES_MAX + " bytes");
      }
      line.write(b);
    }
    if (in.readByte() != '\n') {
      throw new JedisConnectionException("line without its end");
    }
    return line.toByteArray();
  }
}
