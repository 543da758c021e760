/**
 * Where every token went: {@link dev.askonce.optimizer.ledger.Ledger} books each call by endpoint,
 * tenant, model and lever, {@link dev.askonce.optimizer.ledger.BudgetLever} keeps calls within
 * budgets, and {@link dev.askonce.optimizer.ledger.RequestLog} writes them down for a replay.
 *
 * <p>Uses {@code chat} and {@code cost}. Invariant: what was billed and what was avoided are kept
 * apart; a hit costs nothing, and what it would have cost is its saving; the levers' savings sum to
 * the baseline less the cost, to the nano-dollar.
 */
package dev.askonce.optimizer.ledger;
