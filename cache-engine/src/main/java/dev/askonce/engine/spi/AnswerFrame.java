package dev.askonce.engine.spi;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An {@link Answer} as a {@link Frame}: section 0 is its content type, section 1 its body, and
 * where nothing else says when its time is over, section 5 that, in milliseconds since 1970.
 */
public final class AnswerFrame {
  private static final int CONTENT_TYPE = 0;
  private static final int BODY = 1;
  private static final int EXPIRY = 5;

  private AnswerFrame() {}

  public static byte[] encode(long seed, EntryId id, Hash128 scope, Answer answer) {
    return Frame.encode(seed, id, scope, type(answer), answer.body());
  }

  /** {@return a frame that says when the answer's time is over} */
  public static byte[] encode(
      long seed, EntryId id, Hash128 scope, Answer answer, long expiresMillis) {
    ByteBuffer expiry = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    byte[][] sections = new byte[EXPIRY + 1][];
    sections[CONTENT_TYPE] = type(answer);
    sections[BODY] = answer.body();
    sections[EXPIRY] = expiry.putLong(expiresMillis).array();
    return Frame.encode(seed, id, scope, sections);
  }

  private static byte[] type(Answer answer) {
    return answer.contentType().getBytes(StandardCharsets.UTF_8);
  }

  /** {@return the answer, or empty if the bytes are not this entry's intact frame} */
  public static Optional<Answer> decode(long seed, EntryId id, Hash128 scope, byte[] frame) {
    return Frame.decode(seed, id, scope, frame).flatMap(AnswerFrame::answer);
  }

  /**
   * An answer, and when its time is over, in milliseconds since 1970.
   *
   * @param expiresMillis where the frame does not say so, long ago
   */
  public record Timed(Answer answer, long expiresMillis) {}

  /** {@return the answer and its time, or empty if the bytes are not this entry's intact frame} */
  public static Optional<Timed> decodeTimed(long seed, EntryId id, Hash128 scope, byte[] frame) {
    return Frame.decode(seed, id, scope, frame)
        .flatMap(
            sections ->
                answer(sections).map(answer -> new Timed(answer, expiry(sections[EXPIRY]))));
  }

  private static Optional<Answer> answer(byte[][] sections) {
    return isType(sections[CONTENT_TYPE]) && sections[BODY] != null
        ? Optional.of(
            new Answer(new String(sections[CONTENT_TYPE], StandardCharsets.UTF_8), sections[BODY]))
        : Optional.empty();
  }

  private static long expiry(byte[] section) {
    return section != null && section.length == Long.BYTES
        ? ByteBuffer.wrap(section).order(ByteOrder.LITTLE_ENDIAN).getLong()
        : 0;
  }

  /** Bytes that are no UTF-8 are read as three each: what is too long then was never put. */
  private static boolean isType(byte[] bytes) {
    return bytes != null
        && (bytes.length <= Answer.CONTENT_TYPE_BYTES_MAX / 3
            || new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8).length
                <= Answer.CONTENT_TYPE_BYTES_MAX);
  }
}
