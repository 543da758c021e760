package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.util.Optional;

/**
 * What came of a call to a server.
 *
 * @param <T> what its replies were made into
 */
public sealed interface Outcome<T> {
  /** The server replied to every command. */
  record Answered<T>(T value) implements Outcome<T> {}

  /** The way failed, which was counted; some commands may have been done, or be done later. */
  record Failed<T>(RedisTrouble cause) implements Outcome<T> {}

  /** {@return what the replies were made into, or empty after trouble} */
  default Optional<T> answer() {
    return this instanceof Answered<T>(T value) ? Optional.of(value) : Optional.empty();
  }

  /** {@return why there is no answer, or empty if there is one} */
  default Optional<RedisTrouble> trouble() {
    return this instanceof Failed<T>(RedisTrouble why) ? Optional.of(why) : Optional.empty();
  }
}
