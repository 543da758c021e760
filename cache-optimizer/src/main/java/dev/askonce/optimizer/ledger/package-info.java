/**
 * Where every token went: {@link dev.askonce.optimizer.ledger.Ledger} books each call by endpoint,
 * tenant, model and lever.
 *
 * <p>Uses {@code chat} and {@code cost}. Invariant: what was billed and what was avoided are kept
 * apart; a hit costs nothing, and what it would have cost is its saving.
 */
package dev.askonce.optimizer.ledger;
