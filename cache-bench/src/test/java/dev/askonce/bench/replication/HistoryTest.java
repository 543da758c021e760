package dev.askonce.bench.replication;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final History.Question QUESTION = new History.Question(0, "q", "t");

  private final History history = new History();

  private void put(String answer, int cache) {
    history.putting(QUESTION, answer, cache);
    history.put(QUESTION, answer);
  }

  @Test
  void answerThatWasNeverPut_isWrong() {
    put("x", 0);
    assertTrue(history.wrong(QUESTION, "y", 0).isPresent());
    assertFalse(history.wrong(QUESTION, "x", 1).isPresent());
  }

  @Test
  void answerThatTheSameCacheRemoved_isWrong() {
    put("x", 0);
    history.removed(QUESTION::equals, 0, System.nanoTime());
    assertTrue(history.wrong(QUESTION, "x", 0).isPresent());
    assertFalse(history.wrong(QUESTION, "x", 1).isPresent());
  }

  @Test
  void answerThatIsGoneEverywhere_isWrongToWhoComesNew_whereAllIsLostAtOnce() {
    String x = QUESTION.answer(1);
    String y = QUESTION.answer(2);
    put(x, 0);
    put(y, 1);
    assertFalse(history.wrongToNewcomer(QUESTION, x, true).isPresent());
    history.settled(QUESTION, Optional.of(y));
    assertTrue(history.wrongToNewcomer(QUESTION, x, true).isPresent());
    assertFalse(history.wrongToNewcomer(QUESTION, x, false).isPresent());
    assertFalse(history.wrongToNewcomer(QUESTION, y, true).isPresent());
    assertTrue(history.lost(QUESTION, Optional.empty()).isPresent());
  }

  @Test
  void answerToAnotherQuestion_isWrongToWhoComesNew() {
    String other = new History.Question(1, "q", "t").answer(1);
    assertTrue(history.wrongToNewcomer(QUESTION, other, false).isPresent());
  }

  @Test
  void missAfterAPut_isALoss_butNotAfterItsRemoval() {
    put("x", 0);
    assertTrue(history.lost(QUESTION, Optional.empty()).isPresent());
    assertFalse(history.lost(QUESTION, Optional.of("x")).isPresent());
    history.removed(QUESTION::equals, 1, System.nanoTime());
    assertFalse(history.lost(QUESTION, Optional.empty()).isPresent());
  }
}
