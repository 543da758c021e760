package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.net.httpserver.HttpServer;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.LlmRouter;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.Prompt;
import dev.askonce.optimizer.RoutedAnswer;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.route.DraftChecks;
import dev.askonce.optimizer.route.FirstSureRouter;
import dev.askonce.optimizer.route.FixedRouter;
import dev.askonce.optimizer.route.JudgeRouter;
import dev.askonce.optimizer.route.RouteLever;
import dev.askonce.optimizer.route.Router;
import dev.askonce.optimizer.route.RuleRouter;
import dev.askonce.optimizer.route.Tiers;
import dev.askonce.optimizer.send.FallbackLever;
import dev.askonce.optimizer.send.HttpChatClient;
import dev.askonce.optimizer.send.RetryPolicy;
import dev.askonce.optimizer.send.Target;
import dev.askonce.text.MiniLmEmbedder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what docs/guides/routing-models.md shows. */
class RoutingModelsGuideTest {
  private final Ledger ledger =
      new Ledger(Prices.november2025(), new JtokkitCounter(), InstantSource.system());

  @TempDir Path directory;

  @Test
  void guide_fromAPromptToAnAnswer() throws Exception {
    try (StandInServer server = StandInServer.start(request -> "Thirty days.");
        Embedder embedder = MiniLmEmbedder.open();
        SemanticCache cache = SemanticCache.at(directory).embedder(embedder).open()) {
      URI url = URI.create(server.baseUrl() + "/chat/completions");
      String key = "none";
      // region
      Tiers tiers = Tiers.of("gpt-4o-mini", "gpt-4o").reasoning("o1-mini");
      Router router = RuleRouter.of();
      Pipeline pipeline =
          Pipeline.of(
              ledger,
              CacheLever.builder(cache).build(),
              RouteLever.builder(router, tiers).endpointsExcluded("legal").build(),
              FallbackLever.builder().build());
      // end
      // region
      HttpChatClient transport = HttpChatClient.to(url).bearer(() -> key).build();
      LlmRouter llm = LlmRouter.builder(pipeline, transport, "acme").url(transport.url()).build();

      RoutedAnswer answer =
          llm.complete(
              Prompt.of("What is the refund policy for enterprise customers?")
                  .system("You are a helpful assistant for Acme Corp.")
                  .ttl(Duration.ofHours(1)));
      System.out.println(answer.model() + ", " + answer.costNanoDollars() + " nano-dollars");
      System.out.println(llm.statistics());
      // end
      assertEquals("Thirty days.", answer.text());
      assertEquals("gpt-4o-mini", answer.model());
      assertFalse(answer.hit());
      assertEquals(
          "Total: 1 | Cache hits: 0.0% | Budget routes: 100.0% | Standard routes: 0.0%",
          llm.statistics().toString());
    }
  }

  @Test
  void guide_composesRouters() {
    // region
    Router router =
        FirstSureRouter.of(
            new FixedRouter(Tier.STANDARD, Map.of("tickets", Tier.BUDGET)),
            RuleRouter.of(),
            JudgeRouter.builder(TargetModel.of("gpt-4o-mini"))
                .deadline(Duration.ofMillis(800))
                .build());
    RouteLever lever =
        RouteLever.builder(router, Tiers.of("gpt-4o-mini", "gpt-4o"))
            .tiersAt(
                "https://api.anthropic.com/", Tiers.of("claude-3-5-haiku", "claude-3-5-sonnet"))
            .cascade(
                DraftChecks.finished()
                    .and(DraftChecks.json())
                    .and(DraftChecks.lacks(Pattern.compile("(?i)\\bI (cannot|am not able)"))))
            .build();
    // end
    assertEquals(0, lever.counts().passedOver());
  }

  @Test
  void guide_fallsBack() throws Exception {
    HttpServer unused =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    URI url = URI.create("http://127.0.0.1:" + unused.getAddress().getPort());
    String key = "none";
    // region
    HttpChatClient elsewhere = HttpChatClient.to(url).bearer(() -> key).build();
    FallbackLever fallback =
        FallbackLever.builder()
            .targets(
                Target.of(TargetModel.of("gpt-4.1").inputTokensMax(1_000_000)),
                Target.at("elsewhere", elsewhere, TargetModel.of("claude-3-5-sonnet")))
            .retries(RetryPolicy.DEFAULTS.attemptsMax(2).retryAfterMax(Duration.ofSeconds(5)))
            .retryShareMax(0.1, 10)
            .coolDown(3, Duration.ofSeconds(30))
            .build();
    // end
    assertEquals(Map.of(), fallback.counts().fallbacks());
    assertEquals(Optional.empty(), ledger.snapshot().rows().stream().findFirst());
    unused.stop(0);
  }
}
