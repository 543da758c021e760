package dev.askonce.text.english;

import dev.askonce.engine.spi.Verdict;

/** Looks for one kind of difference between two English texts. Stateless. */
interface PairGuard {
  /** {@return whether the answer to one cannot serve the other, as far as this guard sees} */
  boolean objects(EnglishPair pair);

  /** {@return the refusal, with this guard's reason code} */
  Verdict refusal();
}
