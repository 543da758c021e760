package dev.askonce.optimizer.chat;

/**
 * The provider's call that a lever made unnecessary.
 *
 * @param lever who avoided it, such as {@code cache}
 * @param model the model that gave the answer, or the empty string
 * @param usage the tokens it would have used
 * @param estimated whether the tokens were counted by us instead of the provider
 */
public record Avoided(String lever, String model, Usage usage, boolean estimated) {}
