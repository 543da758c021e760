package dev.askonce.text;

import java.text.Normalizer;

/**
 * What BERT's uncased normaliser and its word splitter make of each code point, as a table: control
 * characters vanish, white space ends a word, punctuation and CJK ideographs stand alone, and
 * everything else is decomposed (NFD), loses its non-spacing marks and becomes lower case.
 *
 * <p>Threading: safe for any number of threads. Pages are built on first use; two threads may build
 * the same one, which is harmless since they are equal and immutable.
 */
final class FoldedCharacters {
  /* An entry is kind << 21 | folded code point. Folding each code point by itself equals folding
   * the whole text: canonical decomposition has no context, and the reordering of marks that
   * follows it cannot matter once non-spacing marks are gone. So no normalised copy of the text is
   * ever made. Lower case is taken per code point as well, as the reference does: a final sigma
   * stays a plain sigma.
   *
   * A code point that folds to several (Hangul syllables, a few symbols) is EXPANDED; its folded
   * form is a string on the side whose code points are then looked up in turn.
   */

  /** Leaves no trace: control, format, private use, and non-spacing marks. */
  static final int DROPPED = 0;

  /** Ends a word. */
  static final int SPACE = 1;

  /** A word by itself. */
  static final int ALONE = 2;

  /** Part of a word. */
  static final int LETTER = 3;

  /** Stands for the code points of {@link #expansion}. */
  static final int EXPANDED = 4;

  private static final int KIND_SHIFT = 21;
  private static final int KIND_MASK = 7;

  /**
   * Set where folding loses more than an accent: a vowel or tone sign, a voicing mark, a symbol.
   */
  private static final int LOSSY = Integer.MIN_VALUE;

  private static final int CODE_POINT_MASK = (1 << KIND_SHIFT) - 1;
  private static final int PAGE_BITS = 8;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final char REPLACEMENT = '\ufffd';
  private static final char VOICED_MARK = '\u3099';
  private static final char SEMI_VOICED_MARK = '\u309a';

  private record Page(int[] entries, String[] expansions) {}

  private final Page[] pages = new Page[(Character.MAX_CODE_POINT + 1) >>> PAGE_BITS];

  /** {@return the entry of a code point, for {@link #kind} and {@link #folded}} */
  int entry(int codePoint) {
    return page(codePoint).entries[codePoint & (PAGE_SIZE - 1)];
  }

  /** {@return the folded form of a code point whose kind is {@link #EXPANDED}} */
  String expansion(int codePoint) {
    return page(codePoint).expansions[codePoint & (PAGE_SIZE - 1)];
  }

  static int kind(int entry) {
    return entry >>> KIND_SHIFT & KIND_MASK;
  }

  /**
   * {@return whether texts that differ in this code point may mean different things and fold alike}
   */
  static boolean isLossy(int entry) {
    return entry < 0;
  }

  static int folded(int entry) {
    return entry & CODE_POINT_MASK;
  }

  private Page page(int codePoint) {
    Page page = pages[codePoint >>> PAGE_BITS];
    return page != null ? page : buildPage(codePoint >>> PAGE_BITS);
  }

  private Page buildPage(int number) {
    Page page = new Page(new int[PAGE_SIZE], new String[PAGE_SIZE]);
    for (int i = 0; i < PAGE_SIZE; i++) {
      int codePoint = number << PAGE_BITS | i;
      if (isSpace(codePoint)) {
        page.entries[i] = SPACE << KIND_SHIFT;
      } else if (isUnreadable(codePoint)) {
        page.entries[i] = LOSSY;
      } else if (!isControl(codePoint)) {
        String folded = fold(codePoint);
        if (folded.codePointCount(0, folded.length()) > 1) {
          page.entries[i] = EXPANDED << KIND_SHIFT;
          page.expansions[i] = folded;
        } else if (!folded.isEmpty()) {
          page.entries[i] = single(codePoint, folded.codePointAt(0));
        }
        if (losesMeaning(codePoint)) {
          page.entries[i] |= LOSSY;
        }
      }
    }
    pages[number] = page;
    return page;
  }

  private static int single(int codePoint, int folded) {
    boolean alone = isIdeograph(codePoint) || isPunctuation(folded);
    return (alone ? ALONE : LETTER) << KIND_SHIFT | folded;
  }

  private static String fold(int codePoint) {
    StringBuilder kept = new StringBuilder();
    Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .map(Character::toLowerCase)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  /** A mark is an accent in the scripts that the model was taught to fold, a letter in others. */
  private static boolean losesMeaning(int codePoint) {
    return switch (Character.UnicodeScript.of(codePoint)) {
      case LATIN, GREEK, CYRILLIC, COMMON -> false;
      case INHERITED -> codePoint == VOICED_MARK || codePoint == SEMI_VOICED_MARK;
      default -> hasMark(codePoint);
    };
  }

  private static boolean hasMark(int codePoint) {
    return Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD)
        .codePoints()
        .anyMatch(c -> Character.getType(c) == Character.NON_SPACING_MARK);
  }

  private static boolean isUnreadable(int codePoint) {
    return codePoint == REPLACEMENT
        || Character.getType(codePoint) == Character.PRIVATE_USE
        || Character.getType(codePoint) == Character.SURROGATE;
  }

  private static boolean isSpace(int codePoint) {
    return codePoint == '\t'
        || codePoint == '\n'
        || codePoint == '\r'
        || Character.isSpaceChar(codePoint);
  }

  private static boolean isControl(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL || type == Character.FORMAT;
  }

  private static boolean isPunctuation(int codePoint) {
    if (codePoint < 128) {
      return codePoint > ' ' && codePoint < 127 && !Character.isLetterOrDigit(codePoint);
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** The blocks that BERT calls Chinese characters; Hiragana, Katakana and Hangul are not. */
  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF) // from 0x2B920, as in the model's own tokenizer
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }
}
