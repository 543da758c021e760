package dev.askonce.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A stored answer: bytes and what they are. The cache returns the bytes as they were put and never
 * interprets them.
 *
 * <p>The arrays are not copied: whoever puts or receives an answer must not change them after.
 *
 * @param contentType a media type such as {@code application/json}; at most 255 bytes of UTF-8
 * @param body the bytes to be returned; may be empty
 */
public record Answer(String contentType, byte[] body) {
  /** The longest content type, in bytes of UTF-8. */
  public static final int CONTENT_TYPE_BYTES_MAX = 255;

  public Answer {
    Objects.requireNonNull(body, "body");
    if (contentType.getBytes(StandardCharsets.UTF_8).length > CONTENT_TYPE_BYTES_MAX) {
      throw new CacheException.InvalidOption(
          "content type is longer than " + CONTENT_TYPE_BYTES_MAX + " bytes");
    }
  }

  /** {@return an answer of plain text} */
  public static Answer text(String text) {
    return new Answer("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** {@return the body read as UTF-8} */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Answer answer
        && contentType.equals(answer.contentType)
        && Arrays.equals(body, answer.body);
  }

  @Override
  public int hashCode() {
    return 31 * contentType.hashCode() + Arrays.hashCode(body);
  }

  /** {@return type and size only: answers do not belong into logs} */
  @Override
  public String toString() {
    return "Answer[" + contentType + ", " + body.length + " bytes]";
  }
}
