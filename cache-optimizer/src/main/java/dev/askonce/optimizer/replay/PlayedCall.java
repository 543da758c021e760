package dev.askonce.optimizer.replay;

import dev.askonce.optimizer.chat.Effects.Effect;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.ledger.LoggedCall;
import java.util.List;
import java.util.Optional;

/**
 * What became of one logged call, before anything is priced.
 *
 * @param usage as it was billed
 * @param hit whether the cache answered
 * @param alone what each lever behind the cache did by itself, in their order
 * @param together what all of them did one after the other; empty for a hit
 */
record PlayedCall(
    LoggedCall call, Usage usage, boolean hit, List<Run> alone, Optional<Run> together) {
  /**
   * One way through levers.
   *
   * @param output tokens of the last answer
   * @param cachedInput tokens that the provider's prompt cache would have had, or -1 where that is
   *     left as it was logged
   */
  record Run(List<Effect> effects, long output, boolean cut, long cachedInput) {}
}
