package dev.askonce.text;

/**
 * A model that cannot be loaded or run. At open it says what is missing; during an embedding it
 * carries the runtime's error as its cause.
 */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ModelException(String message) {
    super(message);
  }

  ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
