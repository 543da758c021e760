package dev.askonce.optimizer.batch;

/**
 * What a job cost so far, by the tokens that the provider reported, in 10⁻⁹ dollars.
 *
 * @param baselineNanoDollars what all answered requests would have cost one by one
 * @param paidNanoDollars the provider's answers at the batch price
 * @param inputTokens billed
 * @param outputTokens billed
 * @param unpriced answers of a model without a price, which no sum holds
 */
public record JobBill(
    long baselineNanoDollars,
    long paidNanoDollars,
    long inputTokens,
    long outputTokens,
    int unpriced) {}
