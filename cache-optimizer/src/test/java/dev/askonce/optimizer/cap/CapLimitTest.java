package dev.askonce.optimizer.cap;

import static dev.askonce.optimizer.cap.CapBench.context;
import static dev.askonce.optimizer.cap.CapBench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CapLimitTest {
  private final CapBench bench = new CapBench(settings());

  @ParameterizedTest
  @CsvSource({"CLASSIFICATION, 200", "EXTRACTION, 500", "FACTUAL, 500"})
  void simpleTasks_areLimitedByDefault(Task task, int tokens) throws IOException {
    JsonNode sent = bench.sent(Wire.ask("x"), context(task));
    assertEquals(tokens, sent.path("max_tokens").asInt());
    assertFalse(sent.has("max_completion_tokens"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      names = {"REWRITING", "CODE", "ANALYSIS", "CREATIVE", "OTHER"})
  void otherTasks_areSentAsTheyCame(Task task) throws IOException {
    ChatRequest request = Wire.ask("x");
    bench.ask(request, context(task));
    assertSame(request, bench.sent.getLast());
    assertEquals(0, bench.lever.counts().shaped());
  }

  @Test
  void task_isReadOffTheRequestWhereNobodySays() throws IOException {
    CallContext context = CallContext.of("acme", Wire.URL);
    assertEquals(
        500,
        bench.sent(Wire.ask("What is the capital of Chad?"), context).path("max_tokens").asInt());
    assertFalse(bench.sent(Wire.ask("Write a poem about Chad."), context).has("max_tokens"));
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, https://api.openai.com/v1/chat/completions, max_completion_tokens",
    "gpt-4o, https://eu.api.openai.com/v1/chat/completions, max_completion_tokens",
    "gpt-4o, http://127.0.0.1:11434/v1/chat/completions, max_tokens",
    "gpt-4o, https://proxy.test/api.openai.com/v1/chat/completions, max_tokens",
    "gpt-4o, https://it.openai.azure.com/openai/deployments/d/chat/completions, max_tokens",
    "gpt-4o, https://llm.test/v1/chat/completions, max_completion_tokens",
    "o3-mini, https://it.openai.azure.com/openai/deployments/d/chat, max_completion_tokens",
  })
  void name_isTheOneThatTheProviderKnows(String model, String url, String field)
      throws IOException {
    CapBench configured =
        new CapBench(
            settings()
                .reasoningTokens(1)
                .limitField("https://llm.test/v1", LimitField.MAX_COMPLETION_TOKENS)
                .limitField("https://llm.test/", LimitField.MAX_TOKENS));
    ChatRequest request = Wire.request("{'model':'" + model + "','messages':[]}");
    JsonNode sent = configured.sent(request, CallContext.to(url).task(Task.FACTUAL));
    assertTrue(sent.has(field), sent.toString());
    assertFalse(sent.has("max_tokens") && sent.has("max_completion_tokens"), sent.toString());
  }

  @Test
  void smallerLimitOfTheCaller_stays() throws IOException {
    JsonNode sent = bench.sent(Wire.ask("x", "'max_tokens':7"), context(Task.FACTUAL));
    assertEquals(7, sent.path("max_tokens").asInt());
    assertFalse(sent.has("max_completion_tokens"));
  }

  @Test
  void largerLimitOfTheCaller_isLoweredUnderItsName() throws IOException {
    CallContext context = context(Task.FACTUAL);
    JsonNode sent = bench.sent(Wire.ask("x", "'max_completion_tokens':4096"), context);
    assertEquals(500, sent.path("max_completion_tokens").asInt());
    assertFalse(sent.has("max_tokens"));
  }

  @ParameterizedTest
  @CsvSource({"o3", "o1-mini", "o4-mini-2025-04-16", "gpt-5-mini", "openai/gpt-5.1", "gpt-oss-20b"})
  void reasoningModels_areNotLimited(String model) throws IOException {
    ChatRequest request =
        Wire.request("{'model':'" + model + "','messages':[{'role':'user','content':'x'}]}");
    JsonNode sent = bench.sent(request, context(Task.FACTUAL));
    assertFalse(sent.has("max_tokens") || sent.has("max_completion_tokens"), sent.toString());
  }

  @Test
  void reasoningModels_areLimitedWithAnAllowance() throws IOException {
    CapBench allowed =
        new CapBench(settings().reasoningTokens(2_000).reasoningModels("thinker"::equals));
    CallContext context = context(Task.FACTUAL);
    ChatRequest named = Wire.request("{'model':'o3','messages':[]}");
    assertEquals(2_500, allowed.sent(named, context).path("max_completion_tokens").asInt());
    ChatRequest deployed = Wire.request("{'model':'thinker','messages':[]}");
    assertEquals(2_500, allowed.sent(deployed, context).path("max_tokens").asInt());
    CallContext azure =
        CallContext.to("https://it.openai.azure.com/openai/deployments/thinker/chat/completions")
            .task(Task.FACTUAL);
    assertEquals(2_500, allowed.sent(deployed, azure).path("max_completion_tokens").asInt());
    ChatRequest silent =
        Wire.request("{'model':'gpt-5.1','reasoning_effort':'none','messages':[]}");
    assertEquals(500, allowed.sent(silent, context).path("max_completion_tokens").asInt());
    ChatRequest chat = Wire.request("{'model':'gpt-5-chat-latest','messages':[]}");
    assertEquals(500, allowed.sent(chat, context).path("max_tokens").asInt());
  }

  @Test
  void severalAnswersOrSpeech_areSentAsTheyCame() throws IOException {
    for (ChatRequest request :
        new ChatRequest[] {
          Wire.ask("x", "'n':2"), Wire.ask("x", "'audio':{'voice':'a','format':'mp3'}")
        }) {
      bench.ask(request, context(Task.FACTUAL));
      assertSame(request, bench.sent.getLast());
    }
  }

  @Test
  void tools_areNotLimited() throws IOException {
    ChatRequest request = Wire.ask("x", "'tools':[{'type':'function','function':{'name':'f'}}]");
    JsonNode sent = bench.sent(request, context(Task.FACTUAL));
    assertFalse(sent.has("max_tokens"), sent.toString());
  }

  @Test
  void wrongSettings_areRefused() {
    CapLever.Builder builder = CapLever.builder();
    for (Runnable wrong :
        new Runnable[] {
          () -> builder.limit(Task.CODE, 0),
          () -> builder.retryFactor(0.5),
          () -> builder.adaptive(0.9),
          () -> builder.exploredShare(1.5),
          () -> builder.reasoningTokens(-1),
          () -> builder.stop(Task.CODE, "1", "2", "3", "4", "5"),
          () -> builder.stop(Task.CODE, "")
        }) {
      assertThrows(ChatException.InvalidSetting.class, wrong::run);
    }
  }
}
