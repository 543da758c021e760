/**
 * What the levers would have saved on calls that were made already: {@link
 * dev.askonce.optimizer.replay.Replay} sends each logged call through the levers themselves, with
 * the log in the place of the provider, and keeps account.
 *
 * <p>Uses {@code chat}, {@code cost}, {@code ledger}, the cache lever and the engine; the other
 * levers it is given. Invariant: nobody is called, and the savings of the levers together are what
 * the calls cost less than they did.
 */
package dev.askonce.optimizer.replay;
