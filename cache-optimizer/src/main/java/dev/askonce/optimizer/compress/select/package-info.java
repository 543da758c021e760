/**
 * Chooses the sentences of a context that a question needs: {@link
 * dev.askonce.optimizer.compress.select.ContextSelector} scores each by the local embedder and by
 * its words, and a {@link dev.askonce.optimizer.compress.select.Budget} says how many stay.
 *
 * <p>Uses the engine's {@code Embedder} and {@code embed}. Invariant: what stays is word for word
 * what was there, in its order; code stays whole.
 */
package dev.askonce.optimizer.compress.select;
