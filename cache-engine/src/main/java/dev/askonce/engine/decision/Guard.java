package dev.askonce.engine.decision;

import dev.askonce.engine.spi.Verdict;
import java.util.Optional;

/**
 * Looks for one kind of difference that makes an answer wrong.
 *
 * <p>Threading: called by many threads at once.
 */
public interface Guard {
  /**
   * {@return the refusal, with the guard's reason code, where the answer to the stored text cannot
   * serve the asked one} Without one the guard has seen no such difference, which does not mean
   * that there is none.
   */
  Optional<Verdict> objection(Tokens asked, Tokens stored);
}
