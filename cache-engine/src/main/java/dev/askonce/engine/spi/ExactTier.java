package dev.askonce.engine.spi;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import java.time.Duration;
import java.util.Optional;

/**
 * A place where exact repeats are answered: the scope is equal, and so is the text after
 * normalisation ({@link KeyedHash#normalise}); nothing is embedded.
 *
 * <p>Threading: called by many threads at once. Contract: {@link #find} returns byte for byte an
 * answer that was stored for this scope and text and whose time is not over, or nothing; trouble of
 * the place behind it is nothing, never an exception.
 */
public interface ExactTier extends AutoCloseable {
  Optional<Answer> find(Scope scope, String text);

  /** Stores an answer, in place of an older one. {@return whether it was stored} */
  boolean store(Scope scope, String text, Answer answer, Duration ttl);

  /** Removes an answer. {@return whether it was there} */
  boolean remove(Scope scope, String text);

  @Override
  void close();
}
