package dev.askonce.optimizer.compress.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.optimizer.chat.ChatException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ContextSelectorTest {
  private static final List<Passage> PASSAGES =
      List.of(
          new Passage(
              "Tower bridge",
              "The bridge crosses the river. It was opened in 1894. Visitors like it."),
          new Passage("Bread", "Bread is baked. The oven is hot. Flour and water are mixed."),
          new Passage("Cheese", "Cheese is made of milk. It ripens in cellars."));
  private static final String ASKED = "when was the tower bridge opened";

  /** One direction for texts about bridges, another for the rest; counts what it is asked. */
  private static final class Directions implements Embedder {
    private int texts;
    private boolean late;

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public String fingerprint() {
      return "directions";
    }

    @Override
    public Embedding embed(String text, Duration timeout) throws TimeoutException {
      if (late) {
        throw new TimeoutException("late");
      }
      texts++;
      boolean bridge = text.toLowerCase().contains("bridge");
      return new Embedding(bridge ? new float[] {1, 0} : new float[] {0, 1}, false);
    }
  }

  private static long words(String text) {
    return text.split("\\s+").length;
  }

  private static Ranking rank(String question, List<Passage> passages) {
    return ContextSelector.lexical().rank(question, passages, ContextSelectorTest::words);
  }

  @Test
  void answer_isKeptFirst_byWordsAlone() {
    Ranking ranking = rank(ASKED, PASSAGES);
    assertFalse(ranking.embedded());
    Selection kept = ranking.take(new Budget.Tokens(5));
    assertEquals("It was opened in 1894.", kept.text(0));
    assertEquals("", kept.text(1));
    assertEquals(5, kept.tokens());
  }

  @Test
  void shares_areOneTogether_andPiecesInOrder() {
    Ranking ranking = rank(ASKED, PASSAGES);
    assertEquals(8, ranking.pieces().size());
    assertEquals(1, ranking.pieces().stream().mapToDouble(Piece::share).sum(), 1e-9);
    assertEquals(PASSAGES.get(0).text(), ranking.take(new Budget.Share(1)).text(0));
  }

  @Test
  void evidence_keepsMoreWhereMoreIsAskedFor() {
    Ranking ranking = rank(ASKED, PASSAGES);
    assertEquals(1, ranking.take(new Budget.Evidence(0)).kept().size());
    assertTrue(ranking.take(new Budget.Evidence(0.999999)).kept().size() > 1);
    assertEquals(8, ranking.take(new Budget.Evidence(1)).kept().size());
  }

  @Test
  void code_staysWhole_andBreaksNoBudgetOfOthers() {
    List<Passage> passages =
        List.of(Passage.of("Call it so.\n```java\nint a = 1. B;\n```\nBread is baked in ovens."));
    Selection kept = rank("how do I bake bread", passages).take(new Budget.Tokens(1));
    assertTrue(kept.text(0).contains("```java\nint a = 1. B;\n```"), kept.text(0));
    assertFalse(kept.text(0).contains("Call"), kept.text(0));
  }

  @Test
  void sentenceThatLimitsAnother_staysWithIt() {
    List<Passage> passages =
        List.of(
            Passage.of(
                "Refunds are paid within 30 days. However, gift cards are excluded. We bake."));
    Selection kept = rank("when are refunds paid", passages).take(new Budget.Evidence(0));
    assertEquals(
        "Refunds are paid within 30 days. However, gift cards are excluded.", kept.text(0));
  }

  @Test
  void numberOfTheQuestion_isKept() {
    List<Passage> passages =
        List.of(Passage.of("Orders are shipped daily. Form 1040 is blue. Orders are orders."));
    Selection kept = rank("orders 1040", passages).take(new Budget.Tokens(1));
    assertTrue(kept.text(0).contains("Form 1040"), kept.text(0));
  }

  @Test
  void embedder_readsSentencesOfTheBestPassagesOnly() {
    List<Passage> passages = new ArrayList<>(PASSAGES);
    for (int i = 0; i < 20; i++) {
      passages.add(Passage.of("Number " + i + " is odd. It is a number. Really."));
    }
    Directions embedder = new Directions();
    Ranking ranking =
        ContextSelector.of(embedder, Duration.ofMinutes(1))
            .rank(ASKED, passages, ContextSelectorTest::words);
    assertTrue(ranking.embedded());
    assertTrue(embedder.texts <= 1 + 23 + 12, "texts " + embedder.texts);
    assertEquals(0, ranking.take(new Budget.Evidence(0)).kept().getFirst().passage());
  }

  @Test
  void lateEmbedder_leavesTheChoiceToTheWords() {
    Directions embedder = new Directions();
    embedder.late = true;
    Ranking ranking =
        ContextSelector.of(embedder, Duration.ofMillis(1))
            .rank(ASKED, PASSAGES, ContextSelectorTest::words);
    assertFalse(ranking.embedded());
    assertEquals("It was opened in 1894.", ranking.take(new Budget.Tokens(5)).text(0));
  }

  @Test
  void longPassage_isReadInStretches() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append("Bread is baked in oven ").append((char) ('a' + i % 26)).append(". ");
    }
    text.append("The bridge was opened in 1894. ").append("Cheese is made. ".repeat(10));
    List<Passage> passages = List.of(Passage.of(text.toString()));
    assertTrue(new Features(ASKED, passages).stretches().size() > 5);
    Selection kept = rank(ASKED, passages).take(new Budget.Tokens(6));
    assertEquals("The bridge was opened in 1894.", kept.text(0));
  }

  @Test
  void nothingToRead_keepsNothing() {
    assertEquals(0, rank(ASKED, List.of()).take(new Budget.Share(0.5)).tokens());
    assertEquals(0, rank(ASKED, List.of(Passage.of(" "))).take(new Budget.Evidence(0.5)).tokens());
  }

  @Test
  void budgets_outOfRange_areRefused() {
    assertThrows(ChatException.InvalidSetting.class, () -> new Budget.Tokens(0));
    assertThrows(ChatException.InvalidSetting.class, () -> new Budget.Share(0));
    assertThrows(ChatException.InvalidSetting.class, () -> new Budget.Share(1.1));
    assertThrows(ChatException.InvalidSetting.class, () -> new Budget.Evidence(Double.NaN));
  }

  @Test
  void randomTexts_keepWhatWasThereWithinTheBudget() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] words = {"bridge", "Tower", "opened", "1894.", "However", "in", "It", "is.", "\n\n"};
    for (int i = 0; i < 300; i++) {
      List<Passage> passages = new ArrayList<>();
      for (int p = random.nextInt(1, 5); p > 0; p--) {
        StringBuilder text = new StringBuilder();
        for (int w = random.nextInt(40); w > 0; w--) {
          text.append(words[random.nextInt(words.length)]).append(' ');
        }
        passages.add(Passage.of(text.toString()));
      }
      long max = random.nextInt(1, 60);
      Ranking ranking = rank("when was it opened", passages);
      Selection kept = ranking.take(new Budget.Tokens(max));
      boolean single = kept.kept().isEmpty() || kept.kept().stream().skip(1).allMatch(Piece::bound);
      assertTrue(kept.tokens() <= max || single, "seed " + seed);
      for (int p = 0; p < passages.size(); p++) {
        String all = passages.get(p).text().replaceAll("\\s+", "");
        int at = 0;
        for (Piece piece : kept.kept()) {
          if (piece.passage() == p) {
            String text = passages.get(p).text().substring(piece.start(), piece.end());
            at = all.indexOf(text.replaceAll("\\s+", ""), at);
            assertTrue(at >= 0, "seed " + seed);
          }
        }
      }
    }
  }
}
