package dev.askonce.optimizer.chat;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.TargetModel.Dialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetModelTest {
  @ParameterizedTest
  @CsvSource({
    "gpt-4o, CHAT",
    "gpt-4o-mini-2024-07-18, CHAT",
    "o1, REASONING",
    "o1-2024-12-17, REASONING",
    "o3-mini, REASONING",
    "openai/o4-mini, REASONING",
    "gpt-5, REASONING",
    "GPT-5-nano, REASONING",
    "gpt-5-chat-latest, CHAT",
    "o1-mini, REASONING_PLAIN",
    "o1-preview-2024-09-12, REASONING_PLAIN",
    "o10-of-somebody, CHAT",
    "llama-3.1-8b, CHAT"
  })
  void of_tellsTheDialectByTheName(String name, Dialect dialect) {
    assertEquals(dialect, TargetModel.of(name).dialect());
  }

  @Test
  void fit_chat_changesTheModelAlone() {
    ChatRequest asked =
        ask("q", "'temperature':0.2", "'max_tokens':9", "'stop':['x']", "'unknown':{'a':1}");
    ObjectNode fitted = TargetModel.of("gpt-4o-mini").fit(asked).orElseThrow().json();
    assertEquals("gpt-4o-mini", fitted.remove("model").asText());
    ObjectNode expected = asked.json().deepCopy();
    expected.remove("model");
    assertEquals(expected, fitted);
    assertEquals("gpt-4o", asked.model(), "the request that came is as it was");
  }

  @Test
  void fit_chat_writesTheBytesAnew() {
    ChatRequest fitted = TargetModel.of("m").fit(ask("q")).orElseThrow();
    assertEquals(fitted.json(), ChatRequest.parse(fitted.body()).json());
  }

  @Test
  void fit_reasoning_dropsSamplingAndRenamesTheLimit() {
    ChatRequest asked =
        ask("q", "'temperature':0.2", "'top_p':0.5", "'presence_penalty':1", "'max_tokens':300");
    ObjectNode fitted = TargetModel.of("o1").fit(asked).orElseThrow().json();
    assertFalse(fitted.has("temperature") || fitted.has("top_p") || fitted.has("presence_penalty"));
    assertFalse(fitted.has("max_tokens"));
    assertEquals(
        300 + TargetModel.REASONING_TOKENS, fitted.path("max_completion_tokens").longValue());
  }

  @Test
  void fit_reasoning_keepsALimitThatCountsAllTokens() {
    ChatRequest asked = ask("q", "'max_completion_tokens':400", "'reasoning_effort':'low'");
    ObjectNode fitted = TargetModel.of("o3").fit(asked).orElseThrow().json();
    assertEquals(400, fitted.path("max_completion_tokens").intValue());
    assertEquals("low", fitted.path("reasoning_effort").asText());
    ObjectNode chat = TargetModel.of("gpt-4o").fit(asked).orElseThrow().json();
    assertEquals(400, chat.path("max_completion_tokens").intValue());
    assertFalse(chat.has("reasoning_effort"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'logprobs':true", "'logit_bias':{'1':2}", "'stop':'x'", "'stop':['x','y']"})
  void fit_reasoning_ofWhatItDoesNotTake_isEmpty(String field) {
    assertTrue(TargetModel.of("o1").fit(ask("q", field)).isEmpty());
    assertTrue(TargetModel.of("gpt-4o-mini").fit(ask("q", field)).isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"'logprobs':false", "'logit_bias':{}", "'stop':null", "'stop':[]"})
  void fit_reasoning_ofWhatSaysNothing_fits(String field) {
    ChatRequest fitted = TargetModel.of("o1").fit(ask("q", field)).orElseThrow();
    assertFalse(fitted.json().has(field.substring(1, field.indexOf(':') - 1)));
  }

  @Test
  void fit_reasoningPlain_hasNoSystemMessages() {
    ChatRequest asked =
        request(
            "{'model':'gpt-4o','messages':[{'role':'system','content':'s','name':'n'},"
                + "{'role':'developer','content':'d'},{'role':'user','content':'u'}]}");
    ChatRequest fitted = TargetModel.of("o1-mini").fit(asked).orElseThrow();
    fitted.messages().forEach(message -> assertEquals("user", message.path("role").asText()));
    assertEquals("n", fitted.messages().get(0).path("name").asText());
    assertEquals("system", asked.messages().get(0).path("role").asText());
    assertTrue(TargetModel.of("o1-mini").fit(ask("q", "'tools':[{}]")).isEmpty());
    assertTrue(TargetModel.of("o1").fit(ask("q", "'tools':[{}]")).isPresent());
  }

  @Test
  void fit_oldNames_renamesTheLimitAndTheDeveloper() {
    ChatRequest asked =
        request(
            "{'model':'gpt-4o','max_completion_tokens':7,"
                + "'messages':[{'role':'developer','content':'d'}]}");
    TargetModel old = TargetModel.of("llama").dialect(Dialect.CHAT_OLD_NAMES);
    ChatRequest fitted = old.fit(asked).orElseThrow();
    assertEquals(7, fitted.json().path("max_tokens").intValue());
    assertFalse(fitted.json().has("max_completion_tokens"));
    assertEquals("system", fitted.messages().get(0).path("role").asText());
  }

  @Test
  void fit_longerThanTheModelReads_isEmpty() {
    TargetModel small = TargetModel.of("m").inputTokensMax(100);
    assertTrue(small.fit(ask("q")).isPresent());
    assertTrue(small.fit(ask("word ".repeat(100))).isEmpty());
  }

  @Test
  void settings_outsideTheirRange_areRefused() {
    assertThrows(ChatException.InvalidSetting.class, () -> TargetModel.of(" "));
    assertThrows(ChatException.InvalidSetting.class, () -> TargetModel.of("m").inputTokensMax(-1));
  }
}
