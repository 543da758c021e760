package dev.askonce.optimizer.chat;

/**
 * One way to spend less: a decorator of any client, with its place among the others. Thread-safe.
 *
 * <p>A lever that changes what is asked or paid says so in the call's {@link CallContext#effects},
 * from which the ledger tells what each of them saved. Where a lever fails, the request goes on as
 * it came (see {@link FailOpen}).
 */
public interface Lever {
  /** Where a lever stands, from the caller to the provider; two at one place in the order given. */
  enum Stage {
    /** Answers without a provider; sees the request as it came. */
    CACHE,
    /** Refuses what is not to be paid for; what costs nothing has been answered before. */
    BUDGET,
    /** Chooses the model. */
    ROUTE,
    /** Makes the prompt cheaper. */
    COMPRESS,
    /** Makes the answer shorter. */
    CAP,
    /** Waits, for a lower price. */
    BATCH,
    /** Sends: limits, retries, other providers. */
    SEND
  }

  /** {@return the name in the ledger, in metrics and in logs} */
  String name();

  Stage stage();

  /** {@return a client that does this lever's work before {@code next}'s} Costs nothing to make. */
  ChatClient over(ChatClient next);
}
