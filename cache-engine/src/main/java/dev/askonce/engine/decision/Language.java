package dev.askonce.engine.decision;

/** What is known of one language: all its guards as one. */
public interface Language extends Guard {
  /** {@return whether a text is in this language, as far as its guards need} */
  boolean covers(Tokens text);
}
