package dev.askonce.optimizer.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.spi.Judge;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Completion;
import java.io.IOException;
import java.util.Optional;

/**
 * A judge of a cache under a {@link CacheLever}: it compares what two replies say, whichever of
 * them was a stream. Give it to {@link dev.askonce.engine.SemanticCacheBuilder#judge}.
 *
 * <p>Threading: as its texts' judge.
 */
public final class ReplyJudge implements Judge {
  /** Compares two texts of a model. */
  @FunctionalInterface
  public interface OfTexts {
    /**
     * Compares what the cache would have served with what the model says now.
     *
     * @param asked the question
     * @param storedText the text that the stored reply was made for, where texts are kept
     * @param stored the text of the stored reply
     * @param fresh the text of the new one
     */
    Outcome judge(String asked, Optional<String> storedText, String stored, String fresh);
  }

  private final OfTexts judge;

  public ReplyJudge(OfTexts judge) {
    this.judge = judge;
  }

  /** {@inheritDoc} Undecided where a reply cannot be read. */
  @Override
  public Outcome judge(String asked, Optional<String> storedText, Answer stored, Answer fresh) {
    try {
      return judge.judge(asked, storedText, text(stored), text(fresh));
    } catch (IOException e) {
      return Outcome.UNDECIDED;
    }
  }

  private static String text(Answer answer) throws IOException {
    StoredReply reply = StoredReply.of(answer);
    boolean streamed = ChatStream.isEventStream(reply.contentType());
    byte[] body = streamed ? ReplyForm.completion(reply.body()) : reply.body();
    Completion completion = Completion.parse(body);
    if (completion.broken()) {
      throw new IOException("a stored reply cannot be read");
    }
    return completion.content();
  }
}
