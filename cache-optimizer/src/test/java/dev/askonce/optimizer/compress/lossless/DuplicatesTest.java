package dev.askonce.optimizer.compress.lossless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class DuplicatesTest {
  private static final String LONG =
      "Refunds are paid within thirty days of the return to the card that the order was paid with.";

  @Test
  void paragraphThatWasThere_isDropped_theFirstStays() {
    String other = LONG.replace("card", "account");
    assertEquals(
        LONG + "\n\n" + other + "\n\nEnd.",
        Duplicates.exact().without(LONG + "\n\n" + other + "\n\n" + LONG + "\n\nEnd.", false));
  }

  @Test
  void whiteSpace_makesNoDifference() {
    assertEquals(
        LONG, Duplicates.exact().without(LONG + "\n\n" + LONG.replace(" of", "\nof"), false));
  }

  @Test
  void earlierTexts_count() {
    Duplicates duplicates = Duplicates.exact();
    assertSame(LONG, duplicates.without(LONG, false));
    assertEquals("", duplicates.without(LONG, false));
  }

  @Test
  void earlierQuestions_count() {
    Duplicates duplicates = Duplicates.exact();
    assertSame(LONG, duplicates.without(LONG, true));
    assertSame(LONG, duplicates.without(LONG, true));
    assertEquals("And now?", duplicates.without(LONG + "\n\nAnd now?", true));
  }

  @Test
  void lastParagraph_whereSomebodyAsks_stays() {
    String text = LONG + "\n\n" + LONG + "\n";
    assertSame(text, Duplicates.exact().without(text, true));
  }

  @Test
  void shortOnesAndCode_stay() {
    String text = "Yes.\n\nYes.\n\n```\n" + LONG + "\n```\n\n```\n" + LONG + "\n```";
    assertSame(text, Duplicates.exact().without(text, false));
  }

  @Test
  void nearOnes_onlyWhereAsked_andNotOverANumberOrANegation() {
    StringBuilder words = new StringBuilder();
    for (char a = 'a'; a <= 'h'; a++) {
      for (char b = 'a'; b <= 'p'; b++) {
        words.append(a).append(b).append(' ');
      }
    }
    String long1 = words + "Credits are paid.";
    String near = long1.replace("Credits", "Vouchers");
    assertSame(near, two(Duplicates.exact(), long1, near));
    assertEquals("", two(Duplicates.near(), long1, near));
    String negated = long1.replace("Credits are", "Credits are not");
    assertSame(negated, two(Duplicates.near(), long1, negated));
    String numbered = long1 + " See page 7.";
    String other = long1 + " See page 8.";
    assertSame(other, two(Duplicates.near(), numbered, other));
  }

  private static String two(Duplicates duplicates, String first, String second) {
    duplicates.without(first, false);
    return duplicates.without(second, false);
  }
}
