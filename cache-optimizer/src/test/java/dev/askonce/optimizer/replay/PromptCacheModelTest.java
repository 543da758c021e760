package dev.askonce.optimizer.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.ChatRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PromptCacheModelTest {
  private static final Instant NOON = Instant.parse("2025-11-15T12:00:00Z");
  private static final String STABLE = "Answer in two sentences. ".repeat(400);

  private final PromptCacheModel model = new PromptCacheModel();

  private static ChatRequest request(String system, String question) {
    return Wire.request(
        "{'model':'gpt-4o','messages':[{'role':'system','content':'%s'},{'role':'user','content':'%s'}]}"
            .formatted(system, question));
  }

  @Test
  void stableBeginning_isReadFromTheSecondCallOn() {
    assertEquals(0, model.cachedTokens(request(STABLE, "a?"), 2000, NOON));
    long cached = model.cachedTokens(request(STABLE, "b?"), 2000, NOON.plusSeconds(60));
    assertTrue(cached > 1800 && cached <= 2000, "" + cached);
    assertEquals(0, cached % 128);
  }

  @Test
  void unusedForFiveMinutes_isGone() {
    model.cachedTokens(request(STABLE, "a?"), 2000, NOON);
    assertTrue(model.cachedTokens(request(STABLE, "b?"), 2000, NOON.plusSeconds(300)) > 0);
    assertTrue(model.cachedTokens(request(STABLE, "b?"), 2000, NOON.plusSeconds(600)) > 0);
    assertEquals(0, model.cachedTokens(request(STABLE, "b?"), 2000, NOON.plusSeconds(901)));
  }

  @Test
  void volatileBeginning_isNeverRead() {
    model.cachedTokens(request("Now: 12:00. " + STABLE, "a?"), 2000, NOON);
    assertEquals(0, model.cachedTokens(request("Now: 12:01. " + STABLE, "a?"), 2000, NOON));
  }

  @Test
  void underTheLeastLength_nothingIsKept() {
    model.cachedTokens(request(STABLE, "a?"), 1000, NOON);
    assertEquals(0, model.cachedTokens(request(STABLE, "a?"), 1000, NOON));
  }

  @Test
  void otherModel_hasItsOwn() {
    model.cachedTokens(request(STABLE, "a?"), 2000, NOON);
    ChatRequest other = request(STABLE, "a?").with("model", TextNode.valueOf("gpt-4o-mini"));
    assertEquals(0, model.cachedTokens(other, 2000, NOON));
  }
}
