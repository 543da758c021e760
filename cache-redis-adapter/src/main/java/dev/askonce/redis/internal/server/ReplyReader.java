package dev.askonce.redis.internal.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * Reads one RESP2 reply within its limits. Jedis itself allocates whatever length a reply claims,
 * and does not look at the bytes that end it: a garbled length could take the heap, a shifted
 * stream go unnoticed.
 *
 * <p>Inside an array, what is over a limit is read past, so that the rest can be used and the
 * connection stays in step; a single value over its limit is an {@link UnsoundReply}.
 */
final class ReplyReader {
  private static final int LINE_BYTES_MAX = 512;
  private static final int NUMBER_CHARS_MAX = 20;

  /** The longest value that a server sends at all, by its own default. */
  private static final int SERVER_VALUE_BYTES_MAX = 512 << 20;

  /** Streams, one of them, its records, one of them, its fields. */
  private static final int DEPTH_MAX = 5;

  /** What an element of an array takes in memory, whatever it is. */
  private static final int ELEMENT_BYTES = 32;

  private final RedisInputStream in;
  private final ReplyLimits limits;
  private long bytesLeft;

  ReplyReader(RedisInputStream in, ReplyLimits limits) {
    this.in = in;
    this.limits = limits;
    bytesLeft = limits.replyBytesMax();
  }

  /**
   * {@return bytes, a {@code Long}, a list of such, or null}
   *
   * @throws JedisDataException if it is an error
   */
  Object read() {
    byte kind = in.readByte();
    if (kind == '$') {
      int length = valueLength();
      if (length > limits.valueBytesMax()) {
        throw new UnsoundReply(
            "value of " + length + " bytes, the limit is " + limits.valueBytesMax());
      }
      return length < 0 ? null : value(length);
    }
    return element(kind, 0);
  }

  private Object element(byte kind, int depth) {
    return switch (kind) {
      case '+' -> depth == 0 ? line() : lineInArray();
      case '-' -> error(depth);
      case ':' -> number();
      case '$' -> valueInArray();
      case '*' -> array(depth + 1);
      default -> throw new JedisConnectionException("reply of kind " + kind);
    };
  }

  private Object error(int depth) {
    String message = new String(line(), StandardCharsets.ISO_8859_1);
    if (depth > 0) {
      // Only EXEC puts errors into arrays, and the rest of the array would still be under way.
      throw new JedisConnectionException("error inside an array");
    }
    throw new JedisDataException(message);
  }

  private Object array(int depth) {
    long count = number();
    if (count == -1) {
      return null;
    }
    if (count < 0 || count > Integer.MAX_VALUE || depth > DEPTH_MAX) {
      throw new JedisConnectionException("array of " + count + " elements, depth " + depth);
    }
    // Not made for the count that is claimed: elements cost bytes on the wire, claims do not.
    List<Object> elements = new ArrayList<>((int) Math.min(count, 16));
    boolean cut = false;
    for (long i = 0; i < count; i++) {
      bytesLeft -= ELEMENT_BYTES;
      Object element = element(in.readByte(), depth);
      if (!cut) {
        cut = bytesLeft < 0;
        boolean partly = element instanceof List<?> inner && !inner.isEmpty();
        elements.add(cut && !partly ? Reply.Left.CUT : element);
      }
    }
    return elements;
  }

  private Object valueInArray() {
    int length = valueLength();
    if (length < 0) {
      return null;
    }
    if (length > limits.valueBytesMax()) {
      skip(length);
      return Reply.Left.TOO_LONG;
    }
    bytesLeft -= length;
    if (bytesLeft < 0) {
      skip(length);
      return Reply.Left.CUT;
    }
    return value(length);
  }

  private Object lineInArray() {
    byte[] line = line();
    bytesLeft -= line.length;
    return bytesLeft < 0 ? Reply.Left.CUT : line;
  }

  private int valueLength() {
    long length = number();
    if (length < -1) {
      throw new JedisConnectionException("value of length " + length);
    }
    // A longer one is over any limit of ours, too, and so is what it is cut to here.
    return length > SERVER_VALUE_BYTES_MAX ? tooLong(length) : (int) length;
  }

  private static int tooLong(long length) {
    throw new UnsoundReply("value of " + length + " bytes, which no server sends");
  }

  private byte[] value(int length) {
    byte[] value = new byte[length];
    for (int read = 0; read < length; ) {
      read += in.read(value, read, length - read);
    }
    end();
    return value;
  }

  private void skip(int length) {
    byte[] scratch = new byte[Math.min(length, 8192)];
    for (int left = length; left > 0; ) {
      left -= in.read(scratch, 0, Math.min(left, scratch.length));
    }
    end();
  }

  private void end() {
    if (in.readByte() != '\r' || in.readByte() != '\n') {
      throw new JedisConnectionException("value without its end");
    }
  }

  private long number() {
    byte[] line = line();
    if (line.length <= NUMBER_CHARS_MAX) {
      try {
        return Long.parseLong(new String(line, StandardCharsets.ISO_8859_1));
      } catch (NumberFormatException e) {
        throw new JedisConnectionException("number expected", e);
      }
    }
    throw new JedisConnectionException("number of " + line.length + " characters");
  }

  private byte[] line() {
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
