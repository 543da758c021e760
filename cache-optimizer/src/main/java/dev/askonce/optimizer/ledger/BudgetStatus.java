package dev.askonce.optimizer.ledger;

import java.time.LocalDate;

/**
 * How much of a budget is gone.
 *
 * @param tenant whose it is, where each tenant has one; empty otherwise
 * @param from first day of the period
 * @param spentNanoDollars what calls cost that have ended, in 10⁻⁹ dollars
 * @param reservedNanoDollars what those are expected to cost that have not
 * @param refused calls that were refused in the period
 */
public record BudgetStatus(
    Budget budget,
    String tenant,
    LocalDate from,
    long spentNanoDollars,
    long reservedNanoDollars,
    long refused) {}
