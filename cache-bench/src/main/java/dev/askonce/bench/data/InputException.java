package dev.askonce.bench.data;

/** An input that cannot be used; the message says which, and why. */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  /** Refuses an input that does not hold. */
  public static void require(boolean holds, String problem) {
    if (!holds) {
      throw new InputException(problem);
    }
  }
}
