package dev.askonce.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Two texts in one row, of the tokens that each has alone. */
class PairEncodingTest {
  private static final WordPieceTokenizer TOKENIZER =
      TokenizerFile.read(
          ModelFiles.load(SentenceModel.MINI_LM, PairEncodingTest.class.getClassLoader())
              .tokenizer());
  private static final int FIRST = 101;
  private static final int LAST = 102;
  private static final int TOKENS_MAX = 32;

  private final TokenBuffer tokens = new TokenBuffer(TOKENS_MAX);

  @Test
  void encodePair_twoTexts_areFramedOneAfterTheOther() {
    TOKENIZER.encodePair("How do I reset my password?", "Forgot password", tokens);
    assertArrayEquals(
        new long[] {FIRST, 2129, 2079, 1045, 25141, 2026, 20786, 1029, LAST, 9471, 20786, LAST},
        ids());
    assertEquals(9, tokens.secondStart());
    assertFalse(tokens.truncated());
  }

  @Test
  void encodePair_emptyTexts_areTheFrameAlone() {
    TOKENIZER.encodePair("", "", tokens);
    assertArrayEquals(new long[] {FIRST, LAST, LAST}, ids());
    assertEquals(2, tokens.secondStart());
  }

  @Test
  void encodePair_atTheLimit_truncatesFromTheFirstTokenTooMany() {
    for (int first = 0; first <= TOKENS_MAX + 2; first++) {
      for (int second = 0; second <= TOKENS_MAX + 2; second++) {
        TOKENIZER.encodePair("ok ".repeat(first), "ok ".repeat(second), tokens);
        boolean fits = first + second + 3 <= TOKENS_MAX;
        assertEquals(!fits, tokens.truncated(), first + " and " + second);
        assertEquals(fits ? first + second + 3 : TOKENS_MAX, tokens.count());
        assertEquals(FIRST, tokens.ids()[0]);
        assertEquals(LAST, tokens.ids()[tokens.count() - 1]);
        assertTrue(tokens.secondStart() <= tokens.count());
      }
    }
  }

  @Test
  void encodePair_longWordAtTheLimit_staysInside() {
    String word = "1".repeat(99);
    for (int first = 0; first < TOKENS_MAX; first++) {
      TOKENIZER.encodePair("ok ".repeat(first) + word, word + "!", tokens);
      assertTrue(tokens.truncated());
      assertEquals(TOKENS_MAX, tokens.count());
    }
  }

  @Test
  void encode_afterAPair_isOfOneText() {
    TOKENIZER.encodePair("one", "two", tokens);
    TOKENIZER.encode("one", tokens);
    assertEquals(tokens.count(), tokens.secondStart());
  }

  @Test
  void encodePair_unknownWordInEither_isNoted() {
    TOKENIZER.encodePair("ok", "\ud83d\ude00", tokens);
    assertTrue(tokens.hasUnread());
    TOKENIZER.encodePair("\ud83d\ude00", "ok", tokens);
    assertTrue(tokens.hasUnread());
    TOKENIZER.encodePair("ok", "ok", tokens);
    assertFalse(tokens.hasUnread());
  }

  private long[] ids() {
    return Arrays.copyOf(tokens.ids(), tokens.count());
  }
}
