package dev.askonce.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.RateLimitException;
import com.openai.models.ResponseFormatJsonObject;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.openai.RecordingHttpClient.Exchange;
import dev.askonce.openai.standin.Fault;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.cap.CapLever;
import dev.askonce.optimizer.cap.JsonFormat;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.compress.CompressLever;
import dev.askonce.optimizer.compress.CompressSettings;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Budget;
import dev.askonce.optimizer.ledger.BudgetLever;
import dev.askonce.optimizer.route.JudgeRouter;
import dev.askonce.optimizer.route.RouteLever;
import dev.askonce.optimizer.route.RuleRouter;
import dev.askonce.optimizer.route.Tiers;
import dev.askonce.optimizer.send.FallbackLever;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the levers send and answer has the published shape: all of them at once, on the tasks that
 * each of them changes a request for. Which description counts is said at {@link PublishedApi}.
 */
@Timeout(120)
final class LeverContractTest {
  @TempDir Path directory;
  private Stack stack;
  private RecordingHttpClient below;
  private RecordingHttpClient above;
  private OpenAIClient client;

  @BeforeEach
  void open() {
    stack = new Stack(directory);
    below = new RecordingHttpClient(OkHttpClient.builder().build());
    RouteLever rules =
        RouteLever.builder(RuleRouter.of(), Tiers.of("gpt-4o-mini", "gpt-4o").reasoning("o3"))
            .build();
    RouteLever judged =
        RouteLever.builder(
                JudgeRouter.builder(TargetModel.of("gpt-4o-mini")).build(),
                Tiers.of("gpt-4.1-mini", "gpt-4.1").reasoning("o3"))
            .build();
    CapLever cap =
        CapLever.builder()
            .exploredShare(0)
            .json("json", JsonFormat.object())
            .stop(Task.FACTUAL, "\n\n\n")
            .stopWhenDone(Task.values())
            .build();
    BudgetLever budget =
        BudgetLever.builder(Prices.november2025())
            .budget(Budget.of(Budget.Period.DAY, 1).endpoint("spent").hardStop(true))
            .build();
    CompressLever compress =
        CompressLever.builder()
            .settings(CompressSettings.DEFAULTS.cacheKey(CompressSettings.CacheKey.ALWAYS))
            .build();
    FallbackLever fallback = FallbackLever.builder().sleeper(time -> {}).build();
    Pipeline pipeline =
        Pipeline.of(
            stack.pipeline.ledger(), stack.lever, budget, rules, judged, compress, cap, fallback);
    above =
        new RecordingHttpClient(AskOnceHttpClient.builder(below, pipeline).tenant("acme").build());
    client = stack.client(above);
  }

  @AfterEach
  void close() {
    client.close();
    stack.close();
  }

  private List<Exchange> traffic() {
    int number = 0;
    for (String model : List.of("gpt-4o", "gpt-4.1")) {
      for (String endpoint : List.of("default", "json")) {
        for (Task task : Task.values()) {
          for (Tier tier : Tier.values()) {
            ChatCompletionCreateParams params =
                ask(model, endpoint, "Question " + number++)
                    .putAdditionalHeader(
                        AskOnceHttpClient.TASK_HEADER, task.name().toLowerCase(Locale.ROOT))
                    .putAdditionalHeader(
                        AskOnceHttpClient.TIER_HEADER, tier.name().toLowerCase(Locale.ROOT))
                    .build();
            client.chat().completions().create(params);
            stream(params);
          }
          stream(
              ask(model, endpoint, "Is 17 prime? Answer in JSON: yes or no. " + number++).build());
        }
      }
      client
          .chat()
          .completions()
          .create(
              ask(model, "default", "limited").maxCompletionTokens(100).temperature(0.3).build());
      client
          .chat()
          .completions()
          .create(
              ask(model, "default", "format")
                  .responseFormat(ResponseFormatJsonObject.builder().build())
                  .build());
      stack.server.failNext(Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.LENGTH);
      client.chat().completions().create(ask(model, "default", "retried " + model).build());
    }
    assertThrows(
        RateLimitException.class,
        () -> client.chat().completions().create(ask("gpt-4o", "spent", "too dear").build()));
    assertThrows(
        RateLimitException.class, () -> stream(ask("gpt-4o", "spent", "too dear").build()));
    List<Exchange> all = new ArrayList<>(below.exchanges());
    all.addAll(above.exchanges());
    return all;
  }

  private static ChatCompletionCreateParams.Builder ask(
      String model, String endpoint, String text) {
    return Stack.ask(text + " json")
        .model(model)
        .putAdditionalHeader(AskOnceHttpClient.ENDPOINT_HEADER, endpoint);
  }

  private void stream(ChatCompletionCreateParams params) {
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(params)) {
      assertTrue(chunks.stream().count() > 1);
    }
  }

  @TestFactory
  Stream<DynamicTest> traffic_hasThePublishedShapes() {
    return PublishedApi.sources()
        .map(api -> DynamicTest.dynamicTest(api.name(), () -> check(api.read())));
  }

  private void check(PublishedApi api) throws IOException {
    int checked = 0;
    for (Exchange exchange : traffic()) {
      PublishedApi.Findings findings = api.check(exchange);
      assertEquals(
          List.of(),
          findings.problems(),
          () ->
              new String(exchange.request(), StandardCharsets.UTF_8)
                  + "\n"
                  + new String(exchange.response(), StandardCharsets.UTF_8));
      checked += findings.checked();
    }
    assertTrue(checked > 100, "checked " + checked);
  }
}
