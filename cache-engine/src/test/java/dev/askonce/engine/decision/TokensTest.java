package dev.askonce.engine.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.decision.Token.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {
  private static List<String> folded(String text) {
    return Tokens.of(text).all().stream().map(Token::folded).toList();
  }

  private static List<Kind> kinds(String text) {
    return Tokens.of(text).all().stream().map(Token::kind).toList();
  }

  @Test
  void words_areFoldedAndCutAtPunctuation() {
    assertEquals(
        List.of("what's", "the", "refund", "policy", "of", "a", "pre", "order"),
        folded("What\u2019s the (refund) policy, of a \"pre-order\"?"));
    assertEquals(List.of("über", "straße"), folded("Über Straße!"));
    assertEquals(List.of("u", "s", "a"), List.of("u", "s", "a"));
    assertEquals(List.of("the", "usa", "today"), folded("The U.S.A. today"));
  }

  @Test
  void numbers_areTheirValues() {
    assertEquals(List.of("1000"), folded("1,000"));
    assertEquals(List.of("100000"), folded("1,00,000"));
    assertEquals(List.of("2.5"), folded("2.50"));
    assertEquals(List.of("3.5"), folded("3,5"));
    assertEquals(List.of("10:30"), folded("10:30"));
    assertEquals(List.of("1.2.3"), folded("1.2.3"));
    assertEquals(List.of("iphone", "7"), folded("iPhone7"));
    assertEquals(List.of("$", "20"), folded("$20."));
    assertEquals(List.of("5", "-", "3"), folded("5-3"));
    assertEquals(List.of("and", "or"), folded("and/or"));
    assertEquals(List.of("21", "+", "1"), folded("21+1"));
  }

  @Test
  void identifiers_areOneTokenOfWhatNames() {
    assertEquals(List.of("nodejs"), folded("Node.js"));
    assertEquals(List.of("c++"), folded("C++"));
    assertEquals(List.of("c#"), folded("C#?"));
    assertEquals(List.of("maxretries"), folded("max_retries"));
    assertEquals(List.of(Kind.IDENTIFIER), kinds("someone@example.org"));
    assertEquals(List.of(Kind.IDENTIFIER), kinds("https://example.org/a?b=1"));
    assertEquals(List.of(Kind.IDENTIFIER), kinds("setup.exe"));
    // A space is missing here.
    assertEquals(List.of(Kind.WORD, Kind.WORD), kinds("end.Next"));
  }

  @Test
  void sentences_beginAtTheStartAndAfterStops() {
    List<Token> tokens = Tokens.of("It broke. What now? ok").all();
    assertEquals(
        List.of(true, false, true, false, true), tokens.stream().map(Token::first).toList());
    assertTrue(tokens.getFirst().isCapital());
    assertFalse(tokens.getLast().isCapital());
  }

  @Test
  void anyText_isRead() {
    for (String text :
        List.of("", "  ", "...", "\uD83D\uDE00 ok", "你好 吗", "#", "_", "'", "5,", "\uD83D")) {
      Tokens.of(text).all().forEach(token -> assertFalse(token.folded().isEmpty(), text));
    }
    assertEquals(2, Tokens.of("你好 吗").all().size());
  }
}
