package dev.askonce.optimizer.chat;

import java.util.Locale;
import java.util.Optional;

/** What kind of work a request asks for: what its answer may cost in tokens, and which tier. */
public enum Task {
  /** One label of a few. */
  CLASSIFICATION,
  /** Fields out of a text. */
  EXTRACTION,
  /** A short answer to a question of fact. */
  FACTUAL,
  /** A text made shorter, or put into another form or language. */
  REWRITING,
  /** Code. */
  CODE,
  /** Several steps, analysis or planning. */
  ANALYSIS,
  /** Free writing. */
  CREATIVE,
  /** Nobody said, and nothing shows it. */
  OTHER;

  /** {@return the task of a name, in any case, or empty where there is none of that name} */
  public static Optional<Task> of(String name) {
    for (Task task : values()) {
      if (task.label().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(task);
      }
    }
    return Optional.empty();
  }

  /** {@return the name in headers, logs and reports} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
