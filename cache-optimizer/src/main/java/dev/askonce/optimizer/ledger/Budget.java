package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How much money calls may cost in a day or a month of UTC.
 *
 * <pre>{@code
 * Budget.of(Budget.Period.DAY, 20 * Budget.DOLLAR).tenant("acme").hardStop(true)
 * }</pre>
 *
 * @param tenant whose calls count; empty for everybody's
 * @param endpoint of which endpoint; empty for all
 * @param eachTenant whether every tenant has the limit to itself, not all of them together
 * @param period after which it begins anew
 * @param limitNanoDollars in 10⁻⁹ dollars
 * @param hardStop whether calls beyond it are refused; otherwise it only alerts
 * @param alertPercents shares of the limit at which to alert, ascending
 */
public record Budget(
    Optional<String> tenant,
    Optional<String> endpoint,
    boolean eachTenant,
    Period period,
    long limitNanoDollars,
    boolean hardStop,
    List<Integer> alertPercents) {
  /** A dollar in nano-dollars. */
  public static final long DOLLAR = 1_000_000_000;

  private static final List<Integer> ALERT_PERCENTS = List.of(80, 100);

  /** How long a budget lasts. */
  public enum Period {
    DAY,
    MONTH;

    /** {@return the first day of the period that an instant is in} */
    LocalDate start(Instant at) {
      LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
      return this == DAY ? day : day.withDayOfMonth(1);
    }

    LocalDate next(LocalDate start) {
      return this == DAY ? start.plusDays(1) : start.plusMonths(1);
    }
  }

  public Budget {
    Objects.requireNonNull(period, "period");
    alertPercents = alertPercents.stream().sorted().toList();
    if (limitNanoDollars < 1) {
      throw new ChatException.InvalidSetting(
          "limitNanoDollars " + limitNanoDollars + " is below 1");
    }
    if (!alertPercents.isEmpty() && alertPercents.getFirst() < 1) {
      throw new ChatException.InvalidSetting("alertPercents " + alertPercents + " are not above 0");
    }
    if (eachTenant && tenant.isPresent()) {
      throw new ChatException.InvalidSetting("a budget is of one tenant or of each, not both");
    }
  }

  /** {@return a budget of all calls together, that alerts at 80 and 100 percent and stops none} */
  public static Budget of(Period period, long limitNanoDollars) {
    return new Budget(
        Optional.empty(), Optional.empty(), false, period, limitNanoDollars, false, ALERT_PERCENTS);
  }

  public Budget tenant(String name) {
    return new Budget(
        Optional.of(name), endpoint, eachTenant, period, limitNanoDollars, hardStop, alertPercents);
  }

  public Budget forEachTenant() {
    return new Budget(tenant, endpoint, true, period, limitNanoDollars, hardStop, alertPercents);
  }

  public Budget endpoint(String name) {
    return new Budget(
        tenant, Optional.of(name), eachTenant, period, limitNanoDollars, hardStop, alertPercents);
  }

  public Budget hardStop(boolean value) {
    return new Budget(tenant, endpoint, eachTenant, period, limitNanoDollars, value, alertPercents);
  }

  public Budget alertAt(Integer... percents) {
    return new Budget(
        tenant, endpoint, eachTenant, period, limitNanoDollars, hardStop, List.of(percents));
  }

  boolean covers(CallContext context) {
    return (tenant.isEmpty() || tenant.equals(context.tenant()))
        && (endpoint.isEmpty() || endpoint.get().equals(context.endpoint()));
  }
}
