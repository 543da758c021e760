/**
 * What {@code askonce batch} works with: lines of requests, a directory with a job and what is to
 * be known of it again, reports.
 *
 * <p>Uses the optimizer's {@link dev.askonce.optimizer.batch.BatchJob} over the OpenAI adapter.
 * Invariant: nothing of a key is ever written or printed.
 */
package dev.askonce.cli.batch;
