package dev.askonce.optimizer.ledger;

/**
 * A budget that has come to one of the shares at which it alerts: at most once a period and share.
 *
 * @param percent the share; the one of 100 also comes when the first call is refused
 * @param status as it is now
 */
public record BudgetAlert(int percent, BudgetStatus status) {}
