package dev.askonce.optimizer;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.completion;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.ledger.LedgerRow;
import dev.askonce.optimizer.route.FixedRouter;
import dev.askonce.optimizer.route.RouteLever;
import dev.askonce.optimizer.route.Tiers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Routing under the cache: whose answer a hit may be. */
final class RoutedCacheTest {
  private static final Tiers TIERS = Tiers.of("gpt-4o-mini", "gpt-4o").reasoning("o1-mini");

  private final FakeSemanticCache cache = new FakeSemanticCache();
  private final FakeTransport provider =
      new FakeTransport(
          (request, call) ->
              completion("by " + request.model())
                  .replace("gpt-4o-2024-08-06", request.model() + "-2024-07-18"));
  private final Ledger ledger =
      new Ledger(
          Prices.november2025(), new JtokkitCounter(), () -> Instant.parse("2025-11-20T00:00:00Z"));
  private final Pipeline pipeline =
      Pipeline.of(
          ledger,
          RouteLever.builder(FixedRouter.of(Tier.BUDGET), TIERS).build(),
          CacheLever.builder(cache).build());
  private final ChatClient client = pipeline.over(provider);
  private final CallContext context = CallContext.of("acme", Wire.URL);

  @Test
  void storedAnswer_namesTheModelThatAnswered() throws IOException {
    ChatReply first = client.complete(ask("q"), context.fresh());
    ChatReply hit = client.complete(ask("q"), context.fresh());
    assertEquals("gpt-4o-mini-2024-07-18", first.completion().model());
    assertEquals("gpt-4o-mini-2024-07-18", hit.completion().model());
    assertTrue(hit.avoided().isPresent());
    assertTrue(cache.lastPut().tags().contains("answered:gpt-4o-mini-2024-07-18"));
    assertTrue(cache.lastPut().tags().contains("model:gpt-4o"));
  }

  @Test
  void scope_isOfTheRequestAsItCame() throws IOException {
    client.complete(ask("q"), context.fresh());
    // Who asks for the budget model by name shares no entry with who was routed to it.
    ChatReply named =
        client.complete(
            ask("q").with("model", ask("q").json().textNode("gpt-4o-mini")), context.fresh());
    assertTrue(named.avoided().isEmpty());
  }

  @Test
  void callerThatForcesATier_isNotAnsweredByARoutersChoice() throws IOException {
    client.complete(ask("q"), context.fresh());
    for (Tier tier : Tier.values()) {
      ChatReply forced = client.complete(ask("q"), context.fresh().tier(tier));
      assertTrue(forced.avoided().isEmpty(), tier.label());
      assertEquals("by " + TIERS.of(tier).orElseThrow().name(), forced.completion().content());
    }
    for (Tier tier : Tier.values()) {
      ChatReply again = client.complete(ask("q"), context.fresh().tier(tier));
      assertTrue(again.avoided().isPresent(), tier.label());
      assertEquals("by " + TIERS.of(tier).orElseThrow().name(), again.completion().content());
    }
    assertEquals(4, provider.calls());
  }

  @Test
  void books_haveTheModelThatAnswered_andTheBaselineOfTheOneAskedFor() throws IOException {
    client.complete(ask("q"), context.fresh());
    client.complete(ask("q"), context.fresh());
    LedgerRow total = ledger.snapshot().total();
    // 1,000 tokens in and 200 out: $0.00027 of gpt-4o-mini, $0.008 of gpt-4o, which was asked
    // twice.
    assertEquals(270_000, total.costNanoDollars());
    assertEquals(16_000_000, total.baselineNanoDollars());
  }

  @Test
  void ttl_reachesTheCache_withinTheLimit() throws IOException {
    client.complete(ask("a"), context.fresh());
    assertEquals(Optional.empty(), cache.lastPut().ttl());
    client.complete(ask("b"), context.fresh().ttl(Duration.ofMinutes(5)));
    assertEquals(Optional.of(Duration.ofMinutes(5)), cache.lastPut().ttl());
    client.complete(ask("c"), context.fresh().ttl(Duration.ofDays(400)));
    assertEquals(Optional.of(Duration.ofDays(30)), cache.lastPut().ttl());
    Assertions.assertThrows(ChatException.InvalidSetting.class, () -> context.ttl(Duration.ZERO));
  }
}
