package dev.askonce.engine.spi;

import java.util.Optional;

/** A stored entry that the vector search proposes as the answer to a question. */
public interface Candidate {
  /** {@return the exact raw cosine of question and entry} */
  float cosine();

  /**
   * {@return the text the entry was put under} Empty where it was put by vector or where the
   * operator keeps no texts. Read from the store at the first call.
   */
  Optional<String> text();
}
