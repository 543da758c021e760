package dev.askonce.optimizer.ledger;

/**
 * What one lever saved in all.
 *
 * @param calls calls that it changed, answered or paid something for
 * @param grossNanoDollars before its own calls and its fixed costs, in 10⁻⁹ dollars
 * @param overheadNanoDollars what its own calls cost
 * @param fixedNanoDollars its share of the fixed costs that are configured
 */
public record LeverSaving(
    String lever,
    long calls,
    long grossNanoDollars,
    long overheadNanoDollars,
    long fixedNanoDollars) {
  /** {@return what it saved in the end; below zero where it cost more} */
  public long netNanoDollars() {
    return grossNanoDollars - overheadNanoDollars - fixedNanoDollars;
  }
}
