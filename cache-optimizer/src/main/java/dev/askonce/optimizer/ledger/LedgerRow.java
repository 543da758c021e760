package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.Usage;

/**
 * One line of the ledger: all calls of one key.
 *
 * @param calls requests answered, failed ones too
 * @param failures requests that broke or were answered with an error
 * @param overheads calls of a lever's own: a judge, a rejected draft, an embedding
 * @param billed tokens that the provider billed, those of {@code overheads} among them
 * @param batchTokens those of {@code billed} at the batch price, input and output
 * @param embeddingTokens those of {@code billed} in calls that bill no output
 * @param avoided tokens that a lever saved from being billed, since it answered itself
 * @param costNanoDollars what was paid, in 10⁻⁹ dollars
 * @param baselineNanoDollars what would have been paid without any lever
 * @param estimatedCalls calls whose tokens we counted, since the provider did not
 * @param unpricedCalls calls of a model without a price: their cost and baseline are missing
 */
public record LedgerRow(
    Key key,
    long calls,
    long failures,
    long overheads,
    Usage billed,
    long batchTokens,
    long embeddingTokens,
    Usage avoided,
    long costNanoDollars,
    long baselineNanoDollars,
    long estimatedCalls,
    long unpricedCalls) {
  /** The lever of calls that the provider answered. */
  public static final String PROVIDER = "provider";

  /**
   * What a row is about. The tenant is empty for calls without one.
   *
   * @param model that answered, was asked for where a lever answered, or was called by a lever
   * @param lever that answered or made calls of its own, or {@link #PROVIDER}
   */
  public record Key(String endpoint, String tenant, String model, String lever) {}

  /** {@return what the levers saved, in 10⁻⁹ dollars; below zero for calls of their own} */
  public long savedNanoDollars() {
    return baselineNanoDollars - costNanoDollars;
  }

  static LedgerRow empty(Key key) {
    return new LedgerRow(key, 0, 0, 0, Usage.NONE, 0, 0, Usage.NONE, 0, 0, 0, 0);
  }

  static LedgerRow failure(Key key) {
    return new LedgerRow(key, 1, 1, 0, Usage.NONE, 0, 0, Usage.NONE, 0, 0, 0, 0);
  }

  static LedgerRow overhead(Key key, Usage usage, long costNanoDollars) {
    long embedding = usage.output() == 0 ? usage.input() : 0;
    return new LedgerRow(key, 0, 0, 1, usage, 0, embedding, Usage.NONE, costNanoDollars, 0, 0, 0);
  }

  /** {@return the sum of both, under this row's key} */
  LedgerRow plus(LedgerRow other) {
    return new LedgerRow(
        key,
        calls + other.calls,
        failures + other.failures,
        overheads + other.overheads,
        billed.plus(other.billed),
        batchTokens + other.batchTokens,
        embeddingTokens + other.embeddingTokens,
        avoided.plus(other.avoided),
        costNanoDollars + other.costNanoDollars,
        baselineNanoDollars + other.baselineNanoDollars,
        estimatedCalls + other.estimatedCalls,
        unpricedCalls + other.unpricedCalls);
  }
}
