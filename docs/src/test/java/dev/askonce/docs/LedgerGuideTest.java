package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.Avoided;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Budget;
import dev.askonce.optimizer.ledger.BudgetLever;
import dev.askonce.optimizer.ledger.BudgetStatus;
import dev.askonce.optimizer.ledger.CostDriver;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.ledger.LedgerSnapshot;
import dev.askonce.optimizer.ledger.LeverSaving;
import dev.askonce.optimizer.ledger.LogTexts;
import dev.askonce.optimizer.ledger.LoggedCall;
import dev.askonce.optimizer.ledger.RequestLog;
import dev.askonce.text.MiniLmEmbedder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what docs/guides/ledger.md shows. */
class LedgerGuideTest {
  private static final CallContext CONTEXT =
      CallContext.of("acme", "https://api.openai.com/v1/chat/completions").endpoint("faq");

  private final byte[] key = "a key of the operator".getBytes(StandardCharsets.US_ASCII);
  private final List<String> alerts = new ArrayList<>();

  @TempDir Path directory;

  private void log(int percent, BudgetStatus status) {
    alerts.add(percent + " of " + status.budget().limitNanoDollars());
  }

  private static ChatRequest request() {
    return ChatRequest.parse(
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"How do I pay?\"}]}"
            .getBytes(StandardCharsets.UTF_8));
  }

  /** A model whose answers are a million tokens long: they cost ten dollars each. */
  private static ChatClient model() {
    byte[] body =
        ("{\"model\":\"gpt-4o\",\"choices\":[{\"message\":{\"content\":\"By card.\"},"
                + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":0,"
                + "\"completion_tokens\":1000000}}")
            .getBytes(StandardCharsets.UTF_8);
    return new ChatClient() {
      @Override
      public ChatReply complete(ChatRequest request, CallContext context) {
        Optional<Avoided> avoided = Optional.empty();
        return new ChatReply(200, Map.of(), "application/json", body, avoided);
      }

      @Override
      public ChatStream stream(ChatRequest request, CallContext context) {
        throw new UnsupportedOperationException();
      }
    };
  }

  @Test
  void guide_fromWatchingToBudgets() throws IOException {
    // region
    Ledger ledger = Ledger.builder(Prices.published()).build();
    RequestLog log =
        RequestLog.at(directory.resolve("calls.jsonl"))
            .texts(LogTexts.hashed(key, new JtokkitCounter()))
            .open();
    Pipeline pipeline = Pipeline.observe(ledger, log);
    // end
    pipeline.over(model()).complete(request(), CONTEXT);
    log.close();
    String line = Files.readString(directory.resolve("calls.jsonl"));
    assertEquals("faq", LoggedCall.parse(line).endpoint());
    assertTrue(!line.contains("pay"), line);
    read(ledger);
    LedgerSnapshot books = ledger.snapshot();
    assertEquals(1, books.drivers().size());
    assertEquals(10 * Budget.DOLLAR, books.total().costNanoDollars());
    assertEquals(
        "Total: 1 | Cache hits: 0.0% | Budget routes: 0.0% | Standard routes: 100.0%",
        books.routes().toString());
  }

  private static void read(Ledger ledger) {
    // region
    LedgerSnapshot books = ledger.snapshot();
    System.out.println(books.routes());
    for (CostDriver driver : books.drivers()) {
      System.out.printf(
          "%s, %s: %.0f%% of the cost, $%.2f a day%n",
          driver.endpoint(), driver.model(), 100 * driver.share(), driver.dayNanoDollars() / 1e9);
    }
    for (LeverSaving lever : books.savings()) {
      System.out.printf("%s saved $%.2f%n", lever.lever(), lever.netNanoDollars() / 1e9);
    }
    // end
  }

  @Test
  void guide_budgetsStop() throws IOException {
    Ledger ledger = Ledger.builder(Prices.published()).build();
    try (Embedder embedder = MiniLmEmbedder.open();
        SemanticCache store =
            SemanticCache.at(directory.resolve("store")).embedder(embedder).open()) {
      CacheLever cache = CacheLever.builder(store).build();
      // region
      BudgetLever budgets =
          BudgetLever.builder(Prices.published())
              .budget(
                  Budget.of(Budget.Period.DAY, 20 * Budget.DOLLAR).forEachTenant().hardStop(true))
              .budget(Budget.of(Budget.Period.MONTH, 400 * Budget.DOLLAR).endpoint("faq"))
              .onAlert(alert -> log(alert.percent(), alert.status()))
              .build();
      Pipeline pipeline = Pipeline.of(ledger, budgets, cache);
      // end
      ChatClient client = pipeline.over(model());
      assertEquals(200, client.complete(request(), CONTEXT.cached(false)).status());
      assertEquals(200, client.complete(request(), CONTEXT).status());
      assertEquals(429, client.complete(request(), CONTEXT.cached(false)).status());
      assertEquals(200, client.complete(request(), CONTEXT).status());
      assertEquals(200, client.complete(request(), CONTEXT.tenant("zeta")).status());
      assertEquals(List.of("80 of 20000000000", "100 of 20000000000"), alerts);
    }
  }
}
