package dev.askonce.optimizer.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.chat.ChatRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromptFeaturesTest {
  private static float[] of(String text) {
    return PromptFeatures.of(Prompt.of(text));
  }

  private static long count(float[] values, Feature feature) {
    return Math.round(Math.expm1(values[feature.ordinal()]));
  }

  @Test
  void nothing_hasNumbersAllTheSame() {
    for (float value : PromptFeatures.of(Prompt.of(""))) {
      assertTrue(Float.isFinite(value));
    }
  }

  @Test
  void prose_isCounted() {
    float[] values = of("If Ann buys 3 pens at 1.50 each, how many does Bob buy? Explain why.");
    assertEquals(Kind.NUMBERS, Kind.of(values));
    assertEquals(15, count(values, Feature.WORDS));
    assertEquals(2, count(values, Feature.SENTENCES));
    assertEquals(2, count(values, Feature.NUMBERS));
    assertEquals(1, count(values, Feature.DECIMALS));
    assertEquals(1, count(values, Feature.RATE_WORDS));
    assertEquals(2, count(values, Feature.REASON_WORDS));
    assertEquals(1, count(values, Feature.AMOUNT_QUESTIONS));
    assertEquals(2, count(values, Feature.NAMES));
    assertEquals(0, count(values, Feature.CALLS));
  }

  @Test
  void code_hasFeaturesOfItsOwn() {
    float[] values =
        of("def f(text):\n    for c in text:\n        text.strip(c)\n    return g('abcd')\n");
    assertEquals(Kind.CODE, Kind.of(values));
    assertEquals(1, count(values, Feature.LOOPS));
    assertEquals(1, count(values, Feature.METHODS));
    assertEquals(6, count(values, Feature.LITERAL_LENGTH));
    assertEquals(8, count(values, Feature.INDENT));
  }

  @Test
  void options_areOfTheirKind() {
    float[] values = of("Which is largest?\nA. 1\nB. 20\nC. none of these\nAnswer:");
    assertEquals(Kind.CHOICE, Kind.of(values));
    assertEquals(2 / 3f, values[Feature.OPTIONS_NUMERIC.ordinal()], 1e-6);
    assertEquals(1, values[Feature.OPTIONS_OF_ALL.ordinal()]);
  }

  @Test
  void blankAndSymbols_giveFiniteValues() {
    for (String text : new String[] {" ", "?", "\n\n", "()", "\uD83D\uDE00", "a'", "'", "1."}) {
      for (float value : of(text)) {
        assertTrue(Float.isFinite(value), text);
      }
    }
  }

  @Test
  void longText_countsAllItsWordsByItsBeginning() {
    float[] values = of("word ".repeat(20_000));
    assertEquals(20_000, count(values, Feature.WORDS), 20);
  }

  @Test
  void request_isReadByItsLastUserText() {
    ChatRequest request =
        ChatRequest.parse(
            """
            {"model": "m", "tools": [{"type": "function"}],
             "response_format": {"type": "json_object"},
             "messages": [{"role": "system", "content": "Be brief."},
               {"role": "user", "content": "First."}, {"role": "assistant", "content": "Yes."},
               {"role": "user", "content": [{"type": "text", "text": "Look"},
                 {"type": "text", "text": "Second."}, {"type": "image_url"}]}]}
            """
                .getBytes(StandardCharsets.UTF_8));
    assertEquals(Optional.of(new Prompt("Second.", 2, 9, true, true)), Prompt.of(request));
  }

  @Test
  void request_withoutText_isNoPrompt() {
    byte[] body =
        "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]}"
            .getBytes(StandardCharsets.UTF_8);
    assertEquals(Optional.empty(), Prompt.of(ChatRequest.parse(body)));
  }
}
