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
        .filter(sections -> sections[CONTENT_TYPE] != null && sections[BODY] != null)
        .map(
            sections ->
                new Answer(
                    new String(sections[CONTENT_TYPE], StandardCharsets.UTF_8), sections[BODY]));
  }
}
