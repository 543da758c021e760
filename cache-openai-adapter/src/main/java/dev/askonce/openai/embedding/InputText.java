package dev.askonce.openai.embedding;

import dev.askonce.optimizer.cost.TokenCounter;

/**
 * A text as it is sent to the model.
 *
 * @param text not empty, and valid UTF-16
 * @param tokensMost no less than its tokens
 * @param whole whether it says all that the text says
 */
record InputText(String text, long tokensMost, boolean whole) {
  /** No char becomes more bytes of UTF-8, and no token is less than a byte. */
  private static final int TOKENS_PER_CHAR_MAX = 3;

  private static final char REPLACEMENT = '\uFFFD';

  /**
   * {@return a text, cut to a number of tokens} Half of a surrogate pair, which cannot be sent,
   * becomes the replacement character; an empty text, which the API refuses, a blank.
   *
   * @param counted whether its tokens are to be counted even if it is short
   */
  static InputText of(
      String given, String model, int tokensMax, TokenCounter counter, boolean counted) {
    String text = given.isEmpty() ? " " : wellFormed(given);
    boolean whole = given.isEmpty() || text.equals(given);
    long most = (long) text.length() * TOKENS_PER_CHAR_MAX;
    if (most <= tokensMax && !counted) {
      return new InputText(text, most, whole);
    }
    long count = counter.count(model, text);
    return count <= tokensMax
        ? new InputText(text, count, whole)
        : new InputText(beginning(text, model, tokensMax, counter), tokensMax, false);
  }

  private static String wellFormed(String given) {
    StringBuilder mended = null;
    for (int i = 0; i < given.length(); i++) {
      char c = given.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < given.length()
          && Character.isLowSurrogate(given.charAt(i + 1))) {
        i++;
      } else {
        mended = mended == null ? new StringBuilder(given) : mended;
        mended.setCharAt(i, REPLACEMENT);
      }
    }
    return mended == null ? given : mended.toString();
  }

  /** {@return the longest beginning that has no more tokens, found by halving} */
  private static String beginning(String text, String model, int tokensMax, TokenCounter counter) {
    int fits = tokensMax / TOKENS_PER_CHAR_MAX;
    int tooLong = text.length();
    while (tooLong - fits > 1) {
      int middle = (fits + tooLong) >>> 1;
      if (Character.isLowSurrogate(text.charAt(middle)) && --middle == fits) {
        break;
      }
      if (counter.count(model, text.substring(0, middle)) <= tokensMax) {
        fits = middle;
      } else {
        tooLong = middle;
      }
    }
    boolean splitsPair = fits > 0 && Character.isLowSurrogate(text.charAt(fits));
    int end = splitsPair ? fits - 1 : fits;
    // Fewer tokens than one character has: it is sent anyway, since nothing cannot be.
    return text.substring(0, end == 0 ? Character.charCount(text.codePointAt(0)) : end);
  }
}
