/**
 * The lever that makes prompts cheaper: shorter without a loss ({@code lossless}), shorter with one
 * where the operator allows it ({@code select}, or a {@link
 * dev.askonce.optimizer.compress.MaterialCompressor} of one's own), and laid out so that the
 * provider's prompt cache stays warm ({@link dev.askonce.optimizer.compress.PrefixLayout}, {@link
 * dev.askonce.optimizer.compress.PrefixArithmetic}).
 *
 * <p>Uses {@code chat} and {@code cost}. Invariant: what is sent of a message depends on it and on
 * the messages before it, so a conversation that grows keeps the prefix that the provider has
 * cached; whatever fails, the request goes on as it came.
 */
package dev.askonce.optimizer.compress;
