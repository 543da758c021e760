/**
 * What a request log shows of money that need not be spent: {@link
 * dev.askonce.optimizer.audit.Audit} reads calls and names prompts and places, what each costs a
 * day, and what to do.
 *
 * <p>Uses {@code chat}, {@code cost} {@code ledger} and the engine's keyed hash. Invariant: memory
 * does not grow with the log, and of a prompt no more than its first characters leaves this
 * package.
 */
package dev.askonce.optimizer.audit;
