package dev.askonce.engine.decision;

/** What is known of one language: all its guards as one. */
public interface Language extends Guard {
  /** {@return whether a text is in this language, as far as its guards need} */
  boolean covers(Tokens text);

  /**
   * {@return whether two texts that it has no objection to say the same in the same words} They
   * differ in what carries no meaning alone: "How do I", "How can I", articles, "please". By
   * default that is not known.
   */
  default boolean isSame(Tokens asked, Tokens stored) {
    return false;
  }
}
