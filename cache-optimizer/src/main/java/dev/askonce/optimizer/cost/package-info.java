/**
 * What calls cost: tokens counted where the provider does not ({@link
 * dev.askonce.optimizer.cost.TokenCounter}) and money in integer nano-dollars ({@link
 * dev.askonce.optimizer.cost.Prices}).
 *
 * <p>Uses {@code chat}. Invariant: no price and no token is guessed silently; a model without a
 * price is unpriced.
 */
package dev.askonce.optimizer.cost;
