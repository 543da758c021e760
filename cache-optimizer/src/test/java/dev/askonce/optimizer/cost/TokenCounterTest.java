package dev.askonce.optimizer.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenCounterTest {
  /** Three tokens in o200k_base, more in cl100k_base. */
  private static final String HINDI = "नमस्ते दुनिया";

  private final TokenCounter counter = new JtokkitCounter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-4o",
        "gpt-4o-mini",
        "gpt-4.1-nano",
        "gpt-5",
        "o1",
        "o3-mini",
        "openai/o4-mini"
      })
  void count_newFamilies_readO200k(String model) {
    assertEquals(counter.count("gpt-4o", HINDI), counter.count(model, HINDI));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4", "gpt-3.5-turbo", "text-embedding-3-small", "claude", ""})
  void count_otherModels_readCl100k(String model) {
    assertEquals(counter.count("gpt-4", HINDI), counter.count(model, HINDI));
    assertNotEquals(counter.count("gpt-4o", HINDI), counter.count(model, HINDI));
  }

  @Test
  void count_textThatLooksLikeASpecialToken_isPlainText() {
    assertTrue(counter.count("gpt-4o", "<|endoftext|>") > 1);
    assertEquals(0, counter.count("gpt-4o", ""));
  }

  @Test
  void countInput_framesEachMessage() {
    // "hello world" is two tokens, a role one; three frame the message and three begin the answer.
    assertEquals(3 + 3 + 1 + 2, counter.countInput(Wire.ask("hello world")));
    assertEquals(
        3 + 2 * (3 + 1 + 2),
        counter.countInput(
            Wire.request(
                "{'model':'gpt-4o','messages':[{'role':'system','content':'hello world'},"
                    + "{'role':'user','content':[{'type':'text','text':'hello world'}]}]}")));
    assertTrue(counter.countInput(Wire.ask("q", "'tools':[{'name':'f'}]")) > 8 + 3);
    assertEquals(3, counter.countInput(Wire.request("{}")));
  }
}
