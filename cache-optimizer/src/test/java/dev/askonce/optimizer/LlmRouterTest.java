package dev.askonce.optimizer;

import static dev.askonce.optimizer.Wire.completion;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.ledger.RouteStatistics;
import dev.askonce.optimizer.route.JudgeRouter;
import dev.askonce.optimizer.route.RouteLever;
import dev.askonce.optimizer.route.Tiers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class LlmRouterTest {
  private static final InstantSource CLOCK = () -> Instant.parse("2025-11-20T00:00:00Z");
  private static final Prompt REFUND =
      Prompt.of("What is the refund policy for enterprise customers?")
          .system("You are a helpful assistant for Acme Corp.");

  private final FakeSemanticCache cache = new FakeSemanticCache();
  private final List<ChatRequest> sent = new ArrayList<>();
  private final FakeTransport provider =
      new FakeTransport(
          (request, call) -> {
            sent.add(request);
            boolean judge = request.json().path("max_tokens").asInt() == 5;
            boolean hard = request.messages().toString().contains("Prove");
            return completion(judge ? (hard ? "complex" : "simple") : "Thirty days.")
                .replace("gpt-4o-2024-08-06", request.model());
          });
  private final LlmRouter router =
      router(
          RouteLever.builder(
                  JudgeRouter.builder(TargetModel.of("gpt-4o-mini"))
                      .deadline(Duration.ofSeconds(30))
                      .build(),
                  Tiers.of("gpt-4o-mini", "gpt-4o").reasoning("o1-mini"))
              .build());

  private LlmRouter router(RouteLever lever) {
    Ledger ledger = new Ledger(Prices.november2025(), new JtokkitCounter(), CLOCK);
    Pipeline pipeline = Pipeline.of(ledger, CacheLever.builder(cache).build(), lever);
    return LlmRouter.builder(pipeline, provider, "acme").clock(CLOCK).build();
  }

  @Test
  void simplePrompt_isAnsweredByTheBudgetModel() throws IOException {
    RoutedAnswer answer = router.complete(REFUND);
    assertEquals("Thirty days.", answer.text());
    assertEquals("gpt-4o-mini", answer.model());
    assertFalse(answer.hit());
    // The answer's 1,000 tokens in and 200 out, and as many of the judge's.
    assertEquals(OptionalLong.of(2 * 270_000), answer.costNanoDollars());
    assertEquals(
        Wire.request(
                "{'model':'gpt-4o-mini','messages':[{'role':'system','content':"
                    + "'You are a helpful assistant for Acme Corp.'},{'role':'user','content':"
                    + "'What is the refund policy for enterprise customers?'}],"
                    + "'temperature':0.2}")
            .json(),
        ChatRequest.parse(sent.getLast().body()).json());
  }

  @Test
  void secondTime_isAHit_andCostsNothing() throws IOException {
    router.complete(REFUND);
    RoutedAnswer again = router.complete(REFUND);
    assertTrue(again.hit());
    assertEquals("Thirty days.", again.text());
    assertEquals("gpt-4o-mini", again.model());
    assertEquals(OptionalLong.of(0), again.costNanoDollars());
  }

  @Test
  void complexPrompt_isAnsweredByTheStandardModel() throws IOException {
    assertEquals("gpt-4o", router.complete(Prompt.of("Prove it.")).model());
  }

  @Test
  void forced_tierOrModel_isAsked_withoutAJudge() throws IOException {
    router.complete(REFUND);
    int calls = provider.calls();
    assertEquals("o1-mini", router.complete(REFUND.tier(Tier.REASONING)).model());
    assertEquals("gpt-4o", router.complete(REFUND.tier(Tier.STANDARD)).model());
    assertEquals(calls + 2, provider.calls());
    RoutedAnswer named = router.complete(REFUND.model("claude-3-5-sonnet").tier(Tier.BUDGET));
    assertEquals("claude-3-5-sonnet", named.model(), "the model counts before the tier");
    assertTrue(router.complete(REFUND.model("gpt-4o")).hit(), "the same as the tier's own");
    assertFalse(router.complete(REFUND.model("gpt-4o-mini")).hit());
  }

  @Test
  void forcedStandardModel_isNotAnsweredByARoutersChoice() throws IOException {
    assertEquals("gpt-4o-mini", router.complete(REFUND).model());
    RoutedAnswer forced = router.complete(REFUND.model("gpt-4o"));
    assertEquals("gpt-4o", forced.model());
    assertFalse(forced.hit());
  }

  @Test
  void ttl_reachesTheCache() throws IOException {
    router.complete(REFUND.ttl(Duration.ofMinutes(7)));
    assertEquals(Optional.of(Duration.ofMinutes(7)), cache.lastPut().ttl());
  }

  @Test
  void statistics_areTheArticlesLine() throws IOException {
    assertEquals(
        "Total: 0 | Cache hits: 0.0% | Budget routes: 0.0% | Standard routes: 0.0%",
        router.statistics().toString());
    router.complete(REFUND);
    router.complete(REFUND);
    router.complete(REFUND);
    router.complete(Prompt.of("Prove it."));
    assertEquals(new RouteStatistics(4, 2, 1, 1), router.statistics());
    assertEquals(
        "Total: 4 | Cache hits: 50.0% | Budget routes: 25.0% | Standard routes: 25.0%",
        router.statistics().toString());
  }

  @Test
  void unknownPrice_isSaid() throws IOException {
    assertEquals(
        OptionalLong.empty(), router.complete(REFUND.model("of-nobody")).costNanoDollars());
  }

  @Test
  void error_isThrown_withItsStatusAndWithoutTheProvidersText() {
    FakeTransport busy =
        provider
            .answering((r, c) -> "{\"error\":{\"code\":\"slow_down\",\"message\":\"secret\"}}")
            .status(429);
    ChatException.ProviderError error =
        assertThrows(ChatException.ProviderError.class, () -> router.complete(REFUND));
    assertEquals(429, error.status());
    assertEquals("the provider answered 429, slow_down", error.getMessage());
    assertEquals(2, busy.calls(), "the judge, and the standard model since it failed");
  }

  @Test
  void texts_areNotForLogs() throws IOException {
    RoutedAnswer answer = router.complete(REFUND);
    assertFalse((answer + " " + REFUND).contains("refund"));
    assertFalse(answer.toString().contains("Thirty"));
  }
}
