package dev.askonce.engine.spi;

import dev.askonce.engine.Answer;
import java.util.Optional;

/**
 * Says whether a stored answer was right for a question, once a fresh answer to it is there: the
 * measure of what a cache serves. It may be slow (another model, say): nobody waits for it.
 *
 * <p>Threading: called by several threads at once. What it throws counts as {@link
 * Outcome#UNDECIDED}. One that is at work when the cache is closed goes on, and what it finds is
 * lost.
 */
@FunctionalInterface
public interface Judge {
  /** What a judge finds. */
  enum Outcome {
    /** The stored answer serves the question. */
    RIGHT,
    /** It does not. */
    WRONG,
    /** This judge cannot tell. */
    UNDECIDED
  }

  /**
   * Compares two answers.
   *
   * @param asked the question's text
   * @param storedText the text that the stored answer was loaded for; empty where texts are not
   *     kept
   * @param stored what the cache would have served
   * @param fresh what was loaded for the question instead
   */
  Outcome judge(String asked, Optional<String> storedText, Answer stored, Answer fresh);
}
