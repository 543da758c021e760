package dev.askonce.optimizer.chat;

/** The root of the optimizer's own errors. What a transport throws passes through as it is. */
public abstract sealed class ChatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ChatException(String message) {
    super(message);
  }

  /** A body that is not the JSON object of a chat-completions request. */
  public static final class MalformedRequest extends ChatException {
    private static final long serialVersionUID = 1L;

    public MalformedRequest(String problem) {
      super("not a chat-completions request: " + problem);
    }
  }

  /** A setting that is outside its range or contradicts another. */
  public static final class InvalidSetting extends ChatException {
    private static final long serialVersionUID = 1L;

    public InvalidSetting(String message) {
      super(message);
    }
  }

  /** A price table that cannot be read. */
  public static final class InvalidPrices extends ChatException {
    private static final long serialVersionUID = 1L;

    public InvalidPrices(String message) {
      super(message);
    }
  }

  /** A line that is no logged call. */
  public static final class InvalidLog extends ChatException {
    private static final long serialVersionUID = 1L;

    public InvalidLog(String problem) {
      super("not a logged call: " + problem);
    }
  }

  /** A provider answered with an error, where the caller wanted a text. */
  public static final class ProviderError extends ChatException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param code the provider's word for it, or the empty string; its message may quote the prompt
     */
    public ProviderError(int status, String code) {
      super("the provider answered " + status + (code.isEmpty() ? "" : ", " + code));
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  /** A batch job that cannot be planned or opened; the message says why and what to do. */
  public static final class InvalidJob extends ChatException {
    private static final long serialVersionUID = 1L;

    public InvalidJob(String message) {
      super(message);
    }
  }
}
