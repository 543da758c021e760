package dev.askonce.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.ResponseFormatJsonObject;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletion.Choice.FinishReason;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.cap.CapLever;
import dev.askonce.optimizer.cap.JsonFormat;
import dev.askonce.optimizer.cap.StopCondition;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cap lever under the official SDK, with an API that holds it to its rules. */
@Timeout(60)
final class OutputControlTest {
  private static final JtokkitCounter TOKENS = new JtokkitCounter();

  private final StandInServer server = StandInServer.start(OutputControlTest::answer);
  private OpenAIClient client;

  private OpenAIClient client(CapLever lever) {
    Ledger ledger = new Ledger(Prices.november2025(), TOKENS, InstantSource.system());
    client =
        AskOnce.openAi(
            Pipeline.of(ledger, lever),
            "acme",
            options -> options.baseUrl(server.baseUrl()).apiKey("none").maxRetries(0));
    return client;
  }

  @AfterEach
  void close() {
    if (client != null) {
      client.close();
    }
    server.close();
  }

  private static CapLever.Builder settings() {
    return CapLever.builder().exploredShare(0).tokens(TOKENS);
  }

  /** One word a token, as many as the question says. */
  private static String answer(ChatRequest request) {
    String question = request.lastUserMessage().orElseThrow().path("content").asText();
    int words = Integer.parseInt(question.replaceAll("\\D", ""));
    return "yes" + " yes".repeat(words - 1);
  }

  private static ChatCompletionCreateParams ask(String model, String text) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage(text).build();
  }

  @Test
  void longerAnswer_comesWholeFromTheSecondCall() {
    ChatCompletion completion =
        client(settings().build()).chat().completions().create(ask("gpt-4o", "What is 900?"));
    assertEquals(FinishReason.STOP, completion.choices().getFirst().finishReason());
    assertEquals(900, completion.usage().orElseThrow().completionTokens());
    assertEquals(2, server.chatCalls());
  }

  @Test
  void muchLongerAnswer_isCutOffAtTheLargerLimit() {
    ChatCompletion completion =
        client(settings().build()).chat().completions().create(ask("gpt-4o", "What is 9000?"));
    assertEquals(FinishReason.LENGTH, completion.choices().getFirst().finishReason());
    assertEquals(2_000, completion.usage().orElseThrow().completionTokens());
    assertEquals(2, server.chatCalls());
  }

  @ParameterizedTest
  @ValueSource(strings = {"o3", "o4-mini", "gpt-5-mini"})
  void reasoningModel_takesWhatIsSent(String model) {
    CapLever lever = settings().reasoningTokens(1_000).stop(Task.FACTUAL, "no").build();
    ChatCompletion completion = client(lever).chat().completions().create(ask(model, "What is 9?"));
    assertEquals(9, completion.usage().orElseThrow().completionTokens());
    assertEquals(1, server.chatCalls(), "nothing was refused");
    assertEquals(1, lever.counts().shaped());
  }

  @Test
  void standIn_refusesWhatTheApiRefuses() {
    OpenAIClient plain = client(settings().build());
    ChatCompletionCreateParams old =
        ask("o3", "Write a poem of 9 words.").toBuilder()
            .putAdditionalBodyProperty("max_tokens", JsonValue.from(9))
            .build();
    assertThrows(BadRequestException.class, () -> plain.chat().completions().create(old));
    ChatCompletionCreateParams wordless =
        ask("gpt-4o", "Write a poem of 9 words.").toBuilder()
            .responseFormat(ResponseFormatJsonObject.builder().build())
            .build();
    assertThrows(BadRequestException.class, () -> plain.chat().completions().create(wordless));
  }

  @Test
  void jsonFormat_isTaken() {
    CapLever lever = settings().json(CallContext.ENDPOINT_DEFAULT, JsonFormat.object()).build();
    client(lever).chat().completions().create(ask("gpt-4o", "Extract the 9 names."));
    assertEquals(0, lever.counts().refused());
    assertEquals(1, server.chatCalls());
  }

  @Test
  void stream_isEndedAtTheLimitAndAtACondition() {
    CapLever lever =
        settings()
            .limit(Task.FACTUAL, 50)
            .retryFactor(1)
            .endStream(Task.CLASSIFICATION, StopCondition.phrase(" yes yes yes"))
            .build();
    client(lever);
    ChatCompletionCreateParams limited =
        ChatCompletionCreateParams.builder().model("o3").addUserMessage("What is 300?").build();
    List<ChatCompletionChunk> chunks = read(limited);
    assertEquals(
        ChatCompletionChunk.Choice.FinishReason.LENGTH,
        chunks.getLast().choices().getFirst().finishReason().orElseThrow());
    assertTrue(text(chunks).length() <= 50 * " yes".length(), text(chunks));
    assertEquals(1, lever.counts().streamsCut());
    List<ChatCompletionChunk> stopped = read(ask("gpt-4o", "Classify 30 as positive or negative."));
    assertEquals(
        ChatCompletionChunk.Choice.FinishReason.STOP,
        stopped.getLast().choices().getFirst().finishReason().orElseThrow());
    assertFalse(text(stopped).contains(" yes yes yes"), text(stopped));
    assertEquals(1, lever.counts().streamsStopped());
  }

  private List<ChatCompletionChunk> read(ChatCompletionCreateParams params) {
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params)) {
      return stream.stream().toList();
    }
  }

  private static String text(List<ChatCompletionChunk> chunks) {
    StringBuilder text = new StringBuilder();
    chunks.forEach(
        chunk ->
            chunk.choices().forEach(choice -> text.append(choice.delta().content().orElse(""))));
    return text.toString();
  }
}
