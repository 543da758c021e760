/**
 * The lever that answers from the cache: which requests may be asked there and in which scope
 * ({@link dev.askonce.optimizer.cache.Fingerprint}), which replies may be kept ({@link
 * dev.askonce.optimizer.cache.Admission}), and the decorator between them, set up by {@link
 * dev.askonce.optimizer.cache.CacheLever}.
 *
 * <p>Uses {@code chat}, {@code cost} and the engine. Invariant: whatever the cache does, the
 * request is answered as if there were none, or from a complete answer of its own scope.
 */
package dev.askonce.optimizer.cache;
