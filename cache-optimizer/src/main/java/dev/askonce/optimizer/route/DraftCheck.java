package dev.askonce.optimizer.route;

import java.util.Optional;

/**
 * Says whether a draft is good enough. Called by many threads at once; one that asks a model notes
 * that call in the context's {@link dev.askonce.optimizer.chat.Effects}.
 */
@FunctionalInterface
public interface DraftCheck {
  /**
   * {@return why the draft is not good enough, one of a few words for counts, or empty where it is}
   */
  Optional<String> objection(Draft draft);

  /** {@return the check that objects where this one does, or else where another does} */
  default DraftCheck and(DraftCheck other) {
    return draft -> objection(draft).or(() -> other.objection(draft));
  }
}
