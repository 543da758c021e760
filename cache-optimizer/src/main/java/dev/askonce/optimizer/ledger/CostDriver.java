package dev.askonce.optimizer.ledger;

/**
 * An endpoint and a model, and what they cost together.
 *
 * @param costNanoDollars in 10⁻⁹ dollars
 * @param share of all that was paid, from 0 to 1
 * @param dayNanoDollars what it costs a day at the rate since the books were opened
 */
public record CostDriver(
    String endpoint, String model, long costNanoDollars, double share, long dayNanoDollars) {}
