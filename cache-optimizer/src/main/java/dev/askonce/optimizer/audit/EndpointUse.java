package dev.askonce.optimizer.audit;

/** What one endpoint does with one model, as far as it is no matter of a prompt. */
final class EndpointUse {
  /** Some calls and their money, in 10⁻⁹ dollars. */
  static final class Some {
    long calls;
    long nanoDollars;

    void add(long nanos) {
      calls++;
      nanoDollars += nanos;
    }
  }

  /** Labels from a model that costs far more than the budget model. */
  final Some labels = new Some();

  /** The same on the budget model. */
  long labelsOnBudgetNanoDollars;

  /** Extractions without a JSON format; the money is that of their output. */
  final Some unformatted = new Some();

  /** Calls without a limit, but for free writing and code; the money is that of their output. */
  final Some unlimited = new Some();

  final Lengths unlimitedLengths = new Lengths();
}
