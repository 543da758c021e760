package dev.askonce.optimizer.ledger;

/**
 * What one lever did to the calls of one key.
 *
 * @param key the model is the one that the caller named
 * @param calls calls that it changed, answered or paid something for
 * @param inputTokens how many fewer the provider was sent
 * @param outputTokens how many fewer the provider made
 * @param grossNanoDollars what it saved before its own calls are paid, in 10⁻⁹ dollars
 * @param overheadNanoDollars what its own calls cost
 */
public record LeverRow(
    LedgerRow.Key key,
    long calls,
    long inputTokens,
    long outputTokens,
    long grossNanoDollars,
    long overheadNanoDollars) {
  /** {@return what it saved in the end; below zero where it cost more} */
  public long savedNanoDollars() {
    return grossNanoDollars - overheadNanoDollars;
  }

  static LeverRow empty(LedgerRow.Key key) {
    return new LeverRow(key, 0, 0, 0, 0, 0);
  }

  /** {@return the sum of both, under this row's key} */
  LeverRow plus(LeverRow other) {
    return new LeverRow(
        key,
        calls + other.calls,
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        grossNanoDollars + other.grossNanoDollars,
        overheadNanoDollars + other.overheadNanoDollars);
  }
}
