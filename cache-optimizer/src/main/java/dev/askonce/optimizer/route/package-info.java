/**
 * The lever that chooses the model: a {@link dev.askonce.optimizer.route.Router} says which tier a
 * request is worth, configuration says which model that is.
 *
 * <p>Uses {@code chat}, {@code cost} and {@code embed}, and the engine's embedder. Invariant: a
 * tier that a caller forces is kept, and nobody is routed to the reasoning tier who did not ask for
 * it.
 */
package dev.askonce.optimizer.route;
