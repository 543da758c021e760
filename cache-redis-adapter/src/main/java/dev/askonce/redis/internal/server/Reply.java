package dev.askonce.redis.internal.server;

import java.util.Optional;

/** One server's whole reply to one command: a value, or the error it refused the command with. */
public sealed interface Reply {
  /**
   * @param value a value or status as bytes, a number as {@code Long}, an array as a {@code List}
   *     of such, or null for none; what did not fit into the limits is {@link Left} there
   */
  record Value(Object value) implements Reply {}

  /**
   * @param error as the server wrote it: a word in capitals, and why
   */
  record Refusal(String error) implements Reply {
    /** {@return whether the error begins with this word} */
    public boolean is(String word) {
      return word().equals(word);
    }

    /** {@return the first word; the rest may quote what was sent, and is not for logs} */
    public String word() {
      int space = error.indexOf(' ');
      return space < 0 ? error : error.substring(0, space);
    }
  }

  /** What stands in an array for an element that was read past and not kept. */
  enum Left {
    /** One value longer than any may be. */
    TOO_LONG,
    /**
     * This element, and those of the same array after it: the whole reply had reached its limit.
     */
    CUT
  }

  /** {@return the value's bytes, if it is one that has any} */
  default Optional<byte[]> bytes() {
    return this instanceof Value(byte[] value) ? Optional.of(value) : Optional.empty();
  }

  /** {@return whether it is the status {@code OK}} */
  default boolean ok() {
    return this instanceof Value(byte[] value)
        && value.length == 2
        && value[0] == 'O'
        && value[1] == 'K';
  }
}
