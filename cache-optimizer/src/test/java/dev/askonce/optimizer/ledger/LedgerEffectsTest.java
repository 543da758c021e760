package dev.askonce.optimizer.ledger;

import static dev.askonce.optimizer.Wire.ask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.Avoided;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Effects.Batched;
import dev.askonce.optimizer.chat.Effects.Effect;
import dev.askonce.optimizer.chat.Effects.InputSaved;
import dev.askonce.optimizer.chat.Effects.OutputSaved;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.ServiceTier;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Prices;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LedgerEffectsTest {
  private static final String MINI = "gpt-4o-mini";
  private static final String GPT = "gpt-4o";
  private static final ChatRequest REQUEST = ask("q");

  private Instant now = Instant.parse("2025-11-15T00:00:00Z");
  private final Ledger ledger =
      Ledger.builder(Prices.november2025())
          .tokens((model, text) -> 1)
          .clock(() -> now)
          .fixedCost("cache", 500 * Budget.DOLLAR)
          .build();

  private static CallContext context(Effect... effects) {
    CallContext context = CallContext.of("acme", Wire.URL);
    List.of(effects).forEach(context.effects()::add);
    return context;
  }

  private static Completion answer(String model, Usage usage) {
    return answer(model, usage, ServiceTier.STANDARD);
  }

  private static Completion answer(String model, Usage usage, ServiceTier tier) {
    return new Completion(
        model, 1, Optional.of("stop"), "A", false, false, Optional.of(usage), tier, false);
  }

  private LeverRow lever(String name) {
    return ledger.snapshot().levers().stream()
        .filter(row -> row.key().lever().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void levers_areCreditedOnTheWayBackFromTheBill() {
    // Sent to the small model in a batch, with 1,000 fewer tokens in and 300 fewer out.
    ledger.answered(
        REQUEST,
        context(
            new Routed("route", GPT, MINI),
            new InputSaved("compress", 1_000),
            new OutputSaved("cap", 300),
            new Batched("batch"),
            new Overhead("route", MINI, Usage.of(150, 1))),
        answer(MINI, Usage.of(1_000, 200)));
    LedgerSnapshot books = ledger.snapshot();
    long billed = 1_000 * 75 + 200 * 300;
    long whole = 1_000 * 150 + 200 * 600;
    long judge = 150 * 150 + 600;
    assertEquals(whole - billed, lever("batch").grossNanoDollars());
    assertEquals(300 * 600, lever("cap").grossNanoDollars());
    assertEquals(300, lever("cap").outputTokens());
    assertEquals(1_000 * 150, lever("compress").grossNanoDollars());
    assertEquals(1_000, lever("compress").inputTokens());
    assertEquals(2_000 * (5_000 - 150) + 500 * (15_000 - 600), lever("route").grossNanoDollars());
    assertEquals(judge, lever("route").overheadNanoDollars());
    assertEquals(1, lever("route").calls());
    assertEquals(GPT, lever("route").key().model());
    assertEquals(billed + judge, books.total().costNanoDollars());
    assertEquals(2_000 * 5_000 + 500 * 15_000, books.total().baselineNanoDollars());
    assertEquals(1_200, books.total().batchTokens());
    assertEquals(1, books.total().calls());
    assertEquals(1, books.total().overheads());
    assertEquals(
        books.total().savedNanoDollars(),
        books.levers().stream().mapToLong(LeverRow::savedNanoDollars).sum());
  }

  @Test
  void savings_sumToTheNanoDollar() {
    long seed = 20251115;
    Random random = new Random(seed);
    String[] models = {GPT, MINI, "claude-3-5-haiku", "llama-3.1-8b", "novel"};
    for (int i = 0; i < 500; i++) {
      CallContext context = context();
      for (int effect = random.nextInt(6); effect > 0; effect--) {
        String lever = "lever" + random.nextInt(4);
        context
            .effects()
            .add(
                switch (random.nextInt(5)) {
                  case 0 -> new Routed(lever, models[random.nextInt(5)], models[random.nextInt(5)]);
                  case 1 -> new InputSaved(lever, random.nextInt(-50, 5_000));
                  case 2 -> new OutputSaved(lever, random.nextInt(-50, 900));
                  case 3 -> new Batched(lever);
                  default -> new Overhead(lever, models[random.nextInt(5)], usage(random));
                });
      }
      switch (random.nextInt(4)) {
        case 0 ->
            ledger.avoided(REQUEST, context, new Avoided("cache", "gpt-4o", usage(random), false));
        case 1 -> ledger.failed(REQUEST, context);
        default ->
            ledger.answered(REQUEST, context, answer(models[random.nextInt(5)], usage(random)));
      }
    }
    now = now.plus(Duration.ofDays(3));
    LedgerSnapshot books = ledger.snapshot();
    assertEquals(
        books.total().savedNanoDollars(),
        books.levers().stream().mapToLong(LeverRow::savedNanoDollars).sum(),
        () -> "seed " + seed);
    assertEquals(
        books.netSavedNanoDollars(),
        books.savings().stream().mapToLong(LeverSaving::netNanoDollars).sum(),
        () -> "seed " + seed);
    assertTrue(books.unknownModels().get("novel") > 0);
    assertEquals(1, books.unknownModels().size());
  }

  private static Usage usage(Random random) {
    long input = random.nextInt(3_000);
    return new Usage(input, random.nextInt(2_000), random.nextInt(500), random.nextInt(900), 3);
  }

  @Test
  void hit_isPricedAtTheModelAskedFor_lessItsEmbedding() {
    ledger.avoided(
        REQUEST,
        context(new Overhead("cache", GPT, Usage.of(20, 0))),
        new Avoided("cache", "gpt-4o", Usage.of(100, 10), false));
    LedgerSnapshot books = ledger.snapshot();
    assertEquals(100 * 5_000 + 10 * 15_000, lever("cache").grossNanoDollars());
    assertEquals(20 * 5_000, lever("cache").overheadNanoDollars());
    assertEquals(20, books.total().embeddingTokens());
    assertEquals(20 * 5_000, books.total().costNanoDollars());
    assertEquals(1, books.total().calls());
  }

  @Test
  void hitOfADeployment_isPricedAtTheModelThatAnswered() {
    ChatRequest deployed = Wire.request("{'model':'support','messages':[]}");
    ledger.avoided(
        deployed, context(), new Avoided("cache", "gpt-4o-2024-08-06", Usage.of(100, 10), false));
    ledger.avoided(deployed, context(), new Avoided("cache", "", Usage.of(100, 10), false));
    LedgerSnapshot books = ledger.snapshot();
    assertEquals(100 * 5_000 + 10 * 15_000, books.total().baselineNanoDollars());
    assertEquals(1, books.total().unpricedCalls());
    assertEquals(Map.of("support", 1L), books.unknownModels());
  }

  @Test
  void serviceTiers_haveTheirOwnPrices_orNone() {
    Ledger published =
        Ledger.builder(Prices.published()).tokens((model, text) -> 1).clock(() -> now).build();
    ChatRequest asked = Wire.request("{'model':'gpt-5','service_tier':'flex','messages':[]}");
    Usage usage = new Usage(1_000, 400, 0, 100, 0);
    long standard = 600 * 1_250 + 400 * 125 + 100 * 10_000;
    String model = "gpt-5-2025-08-07";
    published.answered(asked, context(), answer(model, usage, ServiceTier.of("default")));
    assertEquals(standard, published.snapshot().total().costNanoDollars());
    published.answered(asked, context(), answer(model, usage, ServiceTier.of("flex")));
    assertEquals(standard + standard / 2, published.snapshot().total().costNanoDollars());
    published.answered(asked, context(), answer(model, usage, ServiceTier.of("priority")));
    assertEquals(
        standard + standard / 2 + 2 * standard, published.snapshot().total().costNanoDollars());
    // What a flex call avoided would have been flex.
    published.avoided(asked, context(), new Avoided("cache", model, usage, false));
    LedgerSnapshot books = published.snapshot();
    assertEquals(4 * standard, books.total().baselineNanoDollars());
    assertEquals(standard / 2, books.total().savedNanoDollars());
    assertEquals(0, books.total().unpricedCalls());
    published.answered(asked, context(), answer(model, usage, ServiceTier.of("scale")));
    assertEquals(Map.of("gpt-5-2025-08-07 (scale)", 1L), published.snapshot().unknownModels());
    assertEquals(books.total().costNanoDollars(), published.snapshot().total().costNanoDollars());
  }

  @Test
  void batchedCall_isAtTheBatchPrice_whateverTierItsLineNames() {
    Usage usage = Usage.of(1_000, 100);
    ledger.answered(
        REQUEST, context(new Batched("batch")), answer(GPT, usage, ServiceTier.of("priority")));
    ledger.answered(REQUEST, context(), answer(GPT, usage, ServiceTier.of("batch")));
    assertEquals(1_000 * 5_000 + 100 * 15_000, ledger.snapshot().total().costNanoDollars());
    assertEquals(0, ledger.snapshot().total().unpricedCalls());
  }

  @Test
  void fixedCosts_areNettedByTheMonth() {
    ledger.avoided(
        REQUEST, context(), new Avoided("cache", "gpt-4o", Usage.of(1_000_000, 0), false));
    // Half of a twelfth of a year.
    now = now.plus(Duration.ofMinutes(730 * 30 + 15));
    LedgerSnapshot books = ledger.snapshot();
    assertEquals(Map.of("cache", 250 * Budget.DOLLAR), books.fixedNanoDollars());
    assertEquals((5 - 250) * Budget.DOLLAR, books.netSavedNanoDollars());
    assertEquals((5 - 250) * Budget.DOLLAR, books.savings().getFirst().netNanoDollars());
  }

  @Test
  void unpricedAnswer_hasNeitherCostNorBaselineNorSaving() {
    ledger.answered(
        REQUEST,
        context(new Routed("route", GPT, "novel"), new InputSaved("compress", 10)),
        answer("novel", Usage.of(1_000, 10)));
    LedgerSnapshot books = ledger.snapshot();
    assertEquals(0, books.total().costNanoDollars());
    assertEquals(0, books.total().baselineNanoDollars());
    assertEquals(1, books.total().unpricedCalls());
    assertEquals(1_000, books.total().billed().input());
    assertEquals(Map.of("novel", 1L), books.unknownModels());
    assertEquals(List.of(), books.levers());
  }

  @Test
  void unknownModels_areBoundedInNumber() {
    for (int i = 0; i < 150; i++) {
      ledger.failed(REQUEST, context(new Overhead("route", "novel" + i, Usage.of(1, 1))));
    }
    Map<String, Long> unknown = ledger.snapshot().unknownModels();
    assertEquals(101, unknown.size());
    assertEquals(50L, unknown.get(Ledger.OTHER));
  }

  @Test
  void lateOverhead_isACostWithoutACall() {
    ledger.overhead(context(), new Overhead("verify", MINI, Usage.of(1_000, 0)));
    assertEquals(150_000, ledger.snapshot().total().costNanoDollars());
    assertEquals(0, ledger.snapshot().total().calls());
    assertEquals(-150_000, lever("verify").savedNanoDollars());
    assertEquals(0, ledger.snapshot().routes().total());
  }

  @Test
  void drivers_areTheFiveDearestPairs() {
    for (int i = 0; i < 7; i++) {
      for (String tenant : List.of("acme", "zeta")) {
        ledger.answered(
            REQUEST, context().endpoint("e" + i).tenant(tenant), answer(GPT, Usage.of(i, 0)));
      }
    }
    now = now.plus(Duration.ofHours(12));
    List<CostDriver> drivers = ledger.snapshot().drivers();
    assertEquals(
        List.of("e6", "e5", "e4", "e3", "e2"), drivers.stream().map(CostDriver::endpoint).toList());
    CostDriver first = drivers.getFirst();
    assertEquals(GPT, first.model());
    assertEquals(2 * 6 * 5_000, first.costNanoDollars());
    assertEquals(6 / 21.0, first.share(), 1e-12);
    assertEquals(2 * first.costNanoDollars(), first.dayNanoDollars());
  }

  @Test
  void statistics_readAsTheArticlePrintsThem() {
    assertEquals(
        "Total: 0 | Cache hits: 0.0% | Budget routes: 0.0% | Standard routes: 0.0%",
        ledger.snapshot().routes().toString());
    ledger.avoided(REQUEST, context(), new Avoided("cache", "gpt-4o", Usage.of(1, 1), false));
    ledger.answered(REQUEST, context(), answer(MINI + "-2024-07-18", Usage.of(1, 1)));
    ledger.answered(REQUEST, context(), answer(MINI + "-audio-preview", Usage.of(1, 1)));
    ledger.answered(REQUEST, context(), answer(GPT, Usage.of(1, 1)));
    ledger.failed(REQUEST, context());
    ledger.failed(REQUEST, context());
    assertEquals(
        "Total: 6 | Cache hits: 16.7% | Budget routes: 16.7% | Standard routes: 66.7%",
        ledger.snapshot().routes().toString());
  }
}
