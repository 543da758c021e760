package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.Usage;

/**
 * One line of the ledger: all calls of one key.
 *
 * @param calls requests answered, failed ones too
 * @param failures requests that broke or were answered with an error
 * @param billed tokens that the provider billed
 * @param avoided tokens that a lever saved from being billed
 * @param costNanoDollars what was paid, in 10⁻⁹ dollars
 * @param baselineNanoDollars what would have been paid without any lever
 * @param estimatedCalls calls whose tokens we counted, since the provider did not
 * @param unpricedCalls calls of a model without a price: their cost and baseline are missing
 */
public record LedgerRow(
    Key key,
    long calls,
    long failures,
    Usage billed,
    Usage avoided,
    long costNanoDollars,
    long baselineNanoDollars,
    long estimatedCalls,
    long unpricedCalls) {
  /** The lever of calls that went to the provider as they came. */
  public static final String PROVIDER = "provider";

  /** What a row is about. The tenant is empty for calls without one. */
  public record Key(String endpoint, String tenant, String model, String lever) {}

  /** {@return what the levers saved, in 10⁻⁹ dollars} */
  public long savedNanoDollars() {
    return baselineNanoDollars - costNanoDollars;
  }

  static LedgerRow empty(Key key) {
    return new LedgerRow(key, 0, 0, Usage.NONE, Usage.NONE, 0, 0, 0, 0);
  }

  /** {@return the sum of both, under this row's key} */
  LedgerRow plus(LedgerRow other) {
    return new LedgerRow(
        key,
        calls + other.calls,
        failures + other.failures,
        billed.plus(other.billed),
        avoided.plus(other.avoided),
        costNanoDollars + other.costNanoDollars,
        baselineNanoDollars + other.baselineNanoDollars,
        estimatedCalls + other.estimatedCalls,
        unpricedCalls + other.unpricedCalls);
  }
}
