package dev.askonce.redis.internal.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A reply read the plain way: all of it into memory, with no limit on how much that is. */
final class PlainReply {
  static final int ELEMENT_BYTES = 32;
  static final int DEPTH_MAX = 5;
  private static final int LINE_BYTES_MAX = 512;
  private static final int NUMBER_CHARS_MAX = 20;

  /** An error in the place of a value. */
  private record Failure(String message) {}

  /** The bytes are no reply. */
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken() {
      super(null, null, false, false);
    }
  }

  private final byte[] bytes;
  private int at;

  /** What there is, a null in it; empty if the bytes are no reply. */
  private Optional<Object[]> reply = Optional.empty();

  private PlainReply(byte[] bytes) {
    this.bytes = bytes;
  }

  static PlainReply read(byte[] bytes) {
    PlainReply plain = new PlainReply(bytes);
    try {
      plain.reply = Optional.of(new Object[] {plain.element(0)});
    } catch (Broken e) {
      // As it is.
    }
    return plain;
  }

  boolean isSound() {
    return reply.isPresent() && !(reply.get()[0] instanceof Failure);
  }

  boolean isError(String message) {
    return reply.isPresent() && new Failure(message).equals(reply.get()[0]);
  }

  /** {@return how many bytes the reply takes} */
  int length() {
    return at;
  }

  /** {@return whether it is one value that is longer than any may be} */
  boolean isLongerThan(ReplyLimits limits) {
    return reply.get()[0] instanceof byte[] value && value.length > limits.valueBytesMax();
  }

  /** {@return whether a value is this reply, but for what did not fit into the limits} */
  boolean matches(Object value, ReplyLimits limits) {
    return matches(value, reply.orElseThrow()[0], limits);
  }

  private static boolean matches(Object value, Object plain, ReplyLimits limits) {
    return switch (value) {
      case null -> plain == null;
      case Reply.Left left when left == Reply.Left.CUT -> true;
      case Reply.Left left ->
          plain instanceof byte[] whole && whole.length > limits.valueBytesMax();
      case byte[] some -> plain instanceof byte[] whole && Arrays.equals(some, whole);
      case List<?> some -> {
        if (!(plain instanceof List<?> whole) || some.size() > whole.size()) {
          yield false;
        }
        boolean all = some.size() == whole.size() || isCut(some);
        for (int i = 0; i < some.size(); i++) {
          all &= matches(some.get(i), whole.get(i), limits);
        }
        yield all;
      }
      default -> value.equals(plain);
    };
  }

  private static boolean isCut(Object value) {
    return value == Reply.Left.CUT
        || value instanceof List<?> list && !list.isEmpty() && isCut(list.getLast());
  }

  /** {@return what a value takes in memory, by the measure of the limits} */
  static long bytesOf(Object value) {
    return switch (value) {
      case byte[] bytes -> bytes.length;
      case List<?> list -> list.stream().mapToLong(e -> ELEMENT_BYTES + bytesOf(e)).sum();
      case null, default -> 0;
    };
  }

  private Object element(int depth) throws Broken {
    return switch (next()) {
      case '+' -> line().getBytes(ISO_8859_1);
      case '-' -> error(depth);
      case ':' -> number();
      case '$' -> value();
      case '*' -> array(depth + 1);
      default -> throw new Broken();
    };
  }

  private Failure error(int depth) throws Broken {
    String message = line();
    if (depth > 0) {
      throw new Broken();
    }
    return new Failure(message);
  }

  private byte[] value() throws Broken {
    long length = number();
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > bytes.length - at) {
      throw new Broken();
    }
    byte[] value = Arrays.copyOfRange(bytes, at, at + (int) length);
    at += value.length;
    if (next() != '\r' || next() != '\n') {
      throw new Broken();
    }
    return value;
  }

  private List<Object> array(int depth) throws Broken {
    long count = number();
    if (count == -1) {
      return null;
    }
    if (count < 0 || depth > DEPTH_MAX) {
      throw new Broken();
    }
    List<Object> elements = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      elements.add(element(depth));
    }
    return elements;
  }

  private long number() throws Broken {
    String line = line();
    try {
      if (line.length() <= NUMBER_CHARS_MAX) {
        return Long.parseLong(line);
      }
    } catch (NumberFormatException e) {
      // Below.
    }
    throw new Broken();
  }

  private String line() throws Broken {
    int from = at;
    int end = from;
    while (next() != '\r') {
      end = at;
      if (end - from > LINE_BYTES_MAX) {
        throw new Broken();
      }
    }
    if (next() != '\n') {
      throw new Broken();
    }
    return new String(bytes, from, end - from, ISO_8859_1);
  }

  private byte next() throws Broken {
    if (at == bytes.length) {
      throw new Broken();
    }
    return bytes[at++];
  }
}
