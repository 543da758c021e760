package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.openai.AskOnce;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.cap.CapCounts;
import dev.askonce.optimizer.cap.CapLever;
import dev.askonce.optimizer.cap.JsonFormat;
import dev.askonce.optimizer.cap.LimitField;
import dev.askonce.optimizer.cap.StopCondition;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.task.TaskClassifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs what docs/guides/output.md shows. */
class OutputGuideTest {
  private final List<ChatRequest> sent = new ArrayList<>();

  private String answer(ChatRequest request) {
    sent.add(request);
    return "billing";
  }

  @Test
  void lever_isOnInOneLine() {
    Ledger ledger = new Ledger(Prices.november2025(), new JtokkitCounter(), InstantSource.system());
    // region
    CapLever cap =
        CapLever.builder().concise(Task.CLASSIFICATION, Task.EXTRACTION, Task.FACTUAL).build();
    Pipeline pipeline = Pipeline.of(ledger, cap);
    // end
    try (StandInServer server = StandInServer.start(this::answer)) {
      OpenAIClient client =
          AskOnce.openAi(
              pipeline, "acme", options -> options.baseUrl(server.baseUrl()).apiKey("none"));
      client
          .chat()
          .completions()
          .create(
              ChatCompletionCreateParams.builder()
                  .model("gpt-4o")
                  .addUserMessage("Classify the ticket as billing or other: I paid twice.")
                  .build());
      client.close();
    }
    // Chance may have left this one call alone.
    assertEquals(1, cap.counts().explored() + cap.counts().shaped());
  }

  @Test
  void settings_ofAllKinds() throws IOException {
    JsonNode schema = Json.MAPPER.readTree("{\"type\":\"object\"}");
    // region
    CapLever cap =
        CapLever.builder()
            .limit(Task.FACTUAL, 300) // tokens; 200 and 500 for classification and extraction
            .adaptive(1.5) // or what the endpoint's answers need, and half as much again
            .json("orders", JsonFormat.schema("order", schema)) // by endpoint
            .stop(Task.CLASSIFICATION, "\n") // where the request names none
            .endStream(Task.EXTRACTION, StopCondition.jsonClosed())
            .limitField("https://llm.internal/", LimitField.MAX_TOKENS)
            .reasoningTokens(2_000) // else reasoning models have no limit
            .build();
    // end
    CapCounts counts = cap.counts();
    assertEquals(0, counts.shaped() + counts.refused());
  }

  @Test
  void task_isSaidOrSeen() {
    ChatRequest request =
        ChatRequest.parse(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Who wrote Faust?\"}]}"
                .getBytes(StandardCharsets.UTF_8));
    String url = "https://api.openai.com/v1/chat/completions";
    // region
    TaskClassifier.Verdict seen = new TaskClassifier().classify(request); // FACTUAL, "who"
    CallContext said = CallContext.of("acme", url).task(Task.EXTRACTION);
    // end
    assertEquals(Task.FACTUAL, seen.task());
    assertTrue(seen.evidence().contains("who"), seen.toString());
    assertEquals(Task.EXTRACTION, new TaskClassifier().classify(request, said).task());
  }
}
