/**
 * Requests that nobody waits for, at the provider's batch price: {@link
 * dev.askonce.optimizer.batch.BatchJob} is one file of requests on its way through a provider's
 * batch service, and {@link dev.askonce.optimizer.batch.BatchLever} makes such jobs of single
 * calls.
 *
 * <p>Uses {@code chat} and {@code cost}; the cache comes in as any lever, the provider as a {@link
 * dev.askonce.optimizer.batch.BatchApi}. Invariant: what a job is about to do is on disk before it
 * is done, so a process that is killed at any step neither loses a request nor pays for one twice.
 */
package dev.askonce.optimizer.batch;
