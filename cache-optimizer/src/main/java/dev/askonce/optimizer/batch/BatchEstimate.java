package dev.askonce.optimizer.batch;

/**
 * What a job is expected to cost, in 10⁻⁹ dollars, before anything is sent. Input tokens are
 * counted, output tokens are the request's own limit or the estimate that {@link BatchJobBuilder}
 * was given; of answers from the cache they are the provider's.
 *
 * <p>{@code plannedNanoDollars + duplicatesSavedNanoDollars + cacheSavedNanoDollars} is {@code
 * batchNanoDollars}.
 *
 * @param requests all of them
 * @param duplicates requests that are equal to an earlier one
 * @param cached requests, duplicates aside, that the cache answers
 * @param planned requests to be sent
 * @param inputTokens of all requests
 * @param outputTokens of all requests
 * @param standardNanoDollars all requests one by one at the standard price
 * @param batchNanoDollars all requests at the batch price
 * @param plannedNanoDollars what is to be sent at the batch price
 * @param duplicatesSavedNanoDollars duplicates at the batch price
 * @param cacheSavedNanoDollars answers from the cache at the batch price
 * @param unpriced requests of a model without a price, which no sum holds
 */
public record BatchEstimate(
    int requests,
    int duplicates,
    int cached,
    int planned,
    long inputTokens,
    long outputTokens,
    long standardNanoDollars,
    long batchNanoDollars,
    long plannedNanoDollars,
    long duplicatesSavedNanoDollars,
    long cacheSavedNanoDollars,
    int unpriced) {}
