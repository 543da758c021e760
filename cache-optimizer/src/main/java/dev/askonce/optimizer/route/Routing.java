package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.Tier;

/**
 * A router's choice.
 *
 * @param tier the tier to ask
 * @param need how probable it is that the budget tier's answer would be worse, 0 to 1; {@link
 *     Double#NaN} from a router that does not know
 * @param reason what decided, one of a few words for counts and logs, such as {@code classifier}
 */
public record Routing(Tier tier, double need, String reason) {}
