package dev.askonce.text;

/**
 * Where a tokenizer writes: the ids of one text, and the word in hand. Owned by one thread and used
 * again for the next text.
 */
final class TokenBuffer {
  /** Longer words are unknown words; counted in code points, as the model's tokenizer does. */
  static final int WORD_CODE_POINTS_MAX = 100;

  private final int tokensMax;
  private final long[] ids;
  private final char[] word = new char[2 * WORD_CODE_POINTS_MAX];
  private int count;
  private int secondStart;
  private int wordLength;
  private int wordCodePoints;
  private boolean truncated;
  private boolean hasUnread;

  /**
   * @param tokensMax the most ids of a text, with the two that frame it
   */
  TokenBuffer(int tokensMax) {
    this.tokensMax = tokensMax;
    // Room for the word that runs over the end and for a character standing alone behind it.
    ids = new long[tokensMax + WORD_CODE_POINTS_MAX + 2];
  }

  /** {@return the ids; those before {@link #count} are meaningful} */
  long[] ids() {
    return ids;
  }

  int count() {
    return count;
  }

  /** {@return how many tokens there are of the first text of a pair, with the two that frame it} */
  int secondStart() {
    return Math.min(secondStart, count);
  }

  /** {@return whether tokens were cut} */
  boolean truncated() {
    return truncated;
  }

  /** {@return whether the tokens say nothing of some of the text that they were made of} */
  boolean hasUnread() {
    return hasUnread;
  }

  void start(int id) {
    count = 0;
    secondStart = ids.length;
    wordLength = 0;
    wordCodePoints = 0;
    truncated = false;
    hasUnread = false;
    ids[count++] = id;
  }

  /** Ends the first text of a pair. */
  void startSecond(int id) {
    ids[count++] = id;
    secondStart = count;
  }

  void append(int id) {
    ids[count++] = id;
  }

  /** Notes that the model will not see all of the text. */
  void noteUnread() {
    hasUnread = true;
  }

  void appendUnknown(int id) {
    hasUnread = true;
    append(id);
  }

  /** {@return whether a token is already certain to be cut, so that the rest need not be read} */
  boolean overfull() {
    return count > tokensMax - 1;
  }

  void finish(int id) {
    truncated = overfull();
    count = Math.min(count, tokensMax - 1);
    ids[count++] = id;
  }

  /** Takes back what was appended since there were {@code tokens}. */
  void rewind(int tokens) {
    count = tokens;
  }

  void appendToWord(int codePoint) {
    if (wordCodePoints++ < WORD_CODE_POINTS_MAX) {
      wordLength += Character.toChars(codePoint, word, wordLength);
    }
  }

  char[] word() {
    return word;
  }

  int wordLength() {
    return wordLength;
  }

  boolean wordTooLong() {
    return wordCodePoints > WORD_CODE_POINTS_MAX;
  }

  void clearWord() {
    wordLength = 0;
    wordCodePoints = 0;
  }
}
