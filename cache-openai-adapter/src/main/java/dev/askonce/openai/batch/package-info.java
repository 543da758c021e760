/**
 * The OpenAI API's Files and Batches as the optimizer's {@link
 * dev.askonce.optimizer.batch.BatchApi}: {@link dev.askonce.openai.batch.OpenAiBatchApi}.
 *
 * <p>Uses the official SDK's client. Invariant: what could be done twice by trying again is tried
 * once.
 */
package dev.askonce.openai.batch;
