package dev.askonce.optimizer.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** What one budget has come to in its period. Guarded by {@link BudgetLever}'s lock. */
final class BudgetAccount {
  private static final int ALL_PERCENT = 100;

  private final Budget budget;
  private final String tenant;
  private LocalDate from = LocalDate.MIN;
  private long spent;
  private long reserved;
  private long refused;

  /** The share up to which has been alerted. */
  private int alertedPercent;

  BudgetAccount(Budget budget, String tenant) {
    this.budget = budget;
    this.tenant = tenant;
  }

  /** Begins anew if a period has begun since. */
  void roll(Instant at) {
    LocalDate start = budget.period().start(at);
    if (!start.equals(from)) {
      from = start;
      spent = 0;
      reserved = 0;
      refused = 0;
      alertedPercent = 0;
    }
  }

  Budget budget() {
    return budget;
  }

  LocalDate from() {
    return from;
  }

  boolean hasRoomFor(long nanoDollars) {
    return !budget.hardStop()
        || Math.addExact(Math.addExact(spent, reserved), nanoDollars) <= budget.limitNanoDollars();
  }

  void reserve(long nanoDollars) {
    reserved += nanoDollars;
  }

  /** Notes a refused call; it makes the budget as good as spent. */
  void refuse(List<BudgetAlert> alerts) {
    refused++;
    alert(ALL_PERCENT, alerts);
  }

  /**
   * Replaces a reservation by what the call cost.
   *
   * @param since the period that it was reserved in, which may be over
   */
  void settle(LocalDate since, long reservedNanoDollars, long nanoDollars, List<BudgetAlert> out) {
    if (since.equals(from)) {
      reserved -= reservedNanoDollars;
    }
    spend(nanoDollars, out);
  }

  void spend(long nanoDollars, List<BudgetAlert> alerts) {
    spent += nanoDollars;
    alert((int) Math.min(Integer.MAX_VALUE, spent / (budget.limitNanoDollars() / 100.0)), alerts);
  }

  private void alert(int percent, List<BudgetAlert> alerts) {
    for (int share : budget.alertPercents()) {
      if (share > alertedPercent && share <= percent) {
        alertedPercent = share;
        alerts.add(new BudgetAlert(share, status()));
      }
    }
  }

  BudgetStatus status() {
    return new BudgetStatus(budget, tenant, from, spent, reserved, refused);
  }
}
