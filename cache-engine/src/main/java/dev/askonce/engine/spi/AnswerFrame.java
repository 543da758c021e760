package dev.askonce.engine.spi;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** An {@link Answer} as a {@link Frame}: section 0 is its content type, section 1 its body. */
public final class AnswerFrame {
  private static final int CONTENT_TYPE = 0;
  private static final int BODY = 1;

  private AnswerFrame() {}

  public static byte[] encode(long seed, EntryId id, Hash128 scope, Answer answer) {
    byte[] contentType = answer.contentType().getBytes(StandardCharsets.UTF_8);
    return Frame.encode(seed, id, scope, contentType, answer.body());
  }

  /** {@return the answer, or empty if the bytes are not this entry's intact frame} */
  public static Optional<Answer> decode(long seed, EntryId id, Hash128 scope, byte[] frame) {
    return Frame.decode(seed, id, scope, frame)
        .filter(sections -> isType(sections[CONTENT_TYPE]) && sections[BODY] != null)
        .map(
            sections ->
                new Answer(
                    new String(sections[CONTENT_TYPE], StandardCharsets.UTF_8), sections[BODY]));
  }

  /** Bytes that are no UTF-8 are read as three each: what is too long then was never put. */
  private static boolean isType(byte[] bytes) {
    return bytes != null
        && (bytes.length <= Answer.CONTENT_TYPE_BYTES_MAX / 3
            || new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8).length
                <= Answer.CONTENT_TYPE_BYTES_MAX);
  }
}
