package dev.askonce.optimizer.batch;

/**
 * What a batch lever did since it was made; read one count after another while others may write.
 *
 * @param batched calls answered by a batch
 * @param joined calls answered by the batch line of an equal call, and not billed
 * @param late calls that got no answer in time
 * @param jobs jobs that were made
 * @param passedOver times the lever was in trouble and the call went on without it
 */
public record BatchCounts(long batched, long joined, long late, long jobs, long passedOver) {}
