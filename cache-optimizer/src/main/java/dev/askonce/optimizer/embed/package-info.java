/**
 * One embedding of a text for all who need it: {@link dev.askonce.optimizer.embed.SharedEmbedder}
 * between the model and the cache, the router and whoever else asks, and the {@link
 * dev.askonce.optimizer.embed.Dot} product of two.
 *
 * <p>Uses the engine's embedder and nothing else of ours. Invariant: the vectors are the model's
 * own, and nobody waits longer than without it.
 */
package dev.askonce.optimizer.embed;
