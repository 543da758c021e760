package dev.askonce.optimizer.cache;

import static dev.askonce.optimizer.Wire.completion;
import static dev.askonce.optimizer.Wire.stream;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.engine.Answer;
import dev.askonce.engine.spi.Judge.Outcome;
import dev.askonce.optimizer.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplyJudgeTest {
  private final ReplyJudge judge =
      new ReplyJudge(
          (asked, storedText, stored, fresh) ->
              stored.equals(fresh) && asked.equals("q") && storedText.equals(Optional.of("p"))
                  ? Outcome.RIGHT
                  : Outcome.WRONG);

  private static Answer answer(String contentType, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new StoredReply(contentType, bytes, "m", Usage.NONE, true, false).toAnswer();
  }

  private Outcome judge(Answer stored, Answer fresh) {
    return judge.judge("q", Optional.of("p"), stored, fresh);
  }

  @Test
  void judge_comparesWhatRepliesSay_streamedOrNot() {
    Answer whole = answer("application/json", completion("Hello"));
    Answer streamed = answer("text/event-stream", stream("Hel", "lo"));
    Answer other = answer("application/json", completion("Bye"));
    assertEquals(Outcome.RIGHT, judge(whole, whole));
    assertEquals(Outcome.RIGHT, judge(whole, streamed));
    assertEquals(Outcome.RIGHT, judge(streamed, whole));
    assertEquals(Outcome.WRONG, judge(other, streamed));
  }

  @Test
  void judge_unreadableReply_isUndecided() {
    Answer whole = answer("application/json", completion("Hello"));
    assertEquals(Outcome.UNDECIDED, judge(whole, answer("application/json", "{")));
    assertEquals(Outcome.UNDECIDED, judge(answer("application/json", "{}"), whole));
  }
}
