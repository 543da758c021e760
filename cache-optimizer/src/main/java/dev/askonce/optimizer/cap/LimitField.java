package dev.askonce.optimizer.cap;

/** The field of a request that limits its output tokens; providers know one, the other or both. */
public enum LimitField {
  /** The old name: what most compatible servers know, and reasoning models of OpenAI refuse. */
  MAX_TOKENS("max_tokens"),
  /** The new name of OpenAI, which counts reasoning tokens too. */
  MAX_COMPLETION_TOKENS("max_completion_tokens");

  private final String field;

  LimitField(String field) {
    this.field = field;
  }

  /** {@return the name in a request} */
  public String field() {
    return field;
  }
}
