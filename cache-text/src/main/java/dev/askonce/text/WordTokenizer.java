package dev.askonce.text;

/**
 * How a token-classification model reads one word: the seam for tokenizers that this library does
 * not have, such as SentencePiece. Thread-safe.
 */
@FunctionalInterface
public interface WordTokenizer {
  /**
   * {@return the ids of a word, without the tokens that frame a text}
   *
   * @param word without white space
   */
  long[] ids(String word);
}
