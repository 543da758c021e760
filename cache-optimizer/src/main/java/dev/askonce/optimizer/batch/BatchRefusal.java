package dev.askonce.optimizer.batch;

import java.io.IOException;

/** An error status of a batch service. */
public final class BatchRefusal extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int REQUEST_TIMEOUT = 408;
  static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAUTHORISED = 401;
  private static final int FORBIDDEN = 403;
  private static final int SERVER_ERROR = 500;

  private final int status;

  /**
   * @param status the HTTP status
   * @param message what the provider said; no prompt
   */
  public BatchRefusal(int status, String message, Throwable cause) {
    super("status " + status + ": " + message, cause);
    this.status = status;
  }

  public int status() {
    return status;
  }

  /** {@return whether it is sure that nothing was done} */
  boolean isDefinite() {
    return status < SERVER_ERROR && status != REQUEST_TIMEOUT;
  }

  /** {@return whether the same request, as it is, will be refused for ever} */
  boolean isFinal() {
    return isDefinite()
        && status != TOO_MANY_REQUESTS
        && status != UNAUTHORISED
        && status != FORBIDDEN;
  }
}
