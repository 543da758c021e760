package dev.askonce.optimizer.compress.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SentencesTest {
  private static List<String> split(String text) {
    return Sentences.of(text).stream()
        .map(span -> text.substring(span.start(), span.end()))
        .toList();
  }

  @Test
  void stops_endSentences() {
    assertEquals(List.of("One.", "Two!", "Three?", "Four"), split("One. Two!  Three?\nFour"));
    assertEquals(List.of("一。", "二！"), split("一。二！"));
    assertEquals(
        List.of("\"Was it?\" she said.", "(No.)", "5 left."),
        split("\"Was it?\" she said. (No.) 5 left."));
  }

  @Test
  void abbreviationsInitialsAndNumbers_endNone() {
    assertEquals(
        List.of("Mr. J. R. Smith paid 3.50 at 5 p.m. Monday to the U.S. Navy.", "He left."),
        split("Mr. J. R. Smith paid 3.50 at 5 p.m. Monday to the U.S. Navy. He left."));
    assertEquals(List.of("Wait... what?"), split("Wait... what?"));
  }

  @Test
  void emptyLinesListsAndFences_divide() {
    assertEquals(
        List.of(
            "Steps", "- one", "- two", "A line\nthat goes on", "```java\na. B\n\nC. d\n```", "End"),
        split("Steps\n- one\n- two\n\nA line\nthat goes on\n```java\na. B\n\nC. d\n```\nEnd"));
    assertEquals(List.of("```\nopen. Fence"), split("```\nopen. Fence"));
    assertEquals(List.of(), split(" \n "));
  }

  @Test
  void randomText_isCoveredInOrder() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "ab A.!?\"`\n-)(。1 ";
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int c = random.nextInt(60); c > 0; c--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      int end = 0;
      for (Sentences.Span span : Sentences.of(text.toString())) {
        assertTrue(text.substring(end, span.start()).isBlank(), "seed " + seed);
        assertTrue(span.end() > span.start(), "seed " + seed);
        end = span.end();
      }
      assertTrue(text.substring(end).isBlank(), "seed " + seed);
    }
  }
}
