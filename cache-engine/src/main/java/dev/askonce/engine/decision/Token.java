package dev.askonce.engine.decision;

/**
 * A word, number, identifier or sign of a text.
 *
 * @param text as written, in Unicode's compatibility form (NFKC), with a straight apostrophe
 * @param folded in lower case; of a number its value ({@code 1,000} is {@code 1000}, {@code 2.50}
 *     is {@code 2.5}), of an identifier its letters, digits and signs that name ({@code Node.js} is
 *     {@code nodejs}, {@code C++} stays)
 * @param first whether a sentence begins with it
 */
public record Token(String text, String folded, Kind kind, boolean first) {
  /** What a token is. */
  public enum Kind {
    /** Letters, with apostrophes inside. */
    WORD,
    /** Digits with the separators between them. */
    NUMBER,
    /** A name for machines: an address, a file, a method, a language such as C++. */
    IDENTIFIER,
    /** An operator or a currency. */
    SIGN
  }

  /** {@return whether it is written with a capital letter} */
  public boolean isCapital() {
    return Character.isUpperCase(text.codePointAt(0));
  }
}
