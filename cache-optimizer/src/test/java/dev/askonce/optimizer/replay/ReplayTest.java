package dev.askonce.optimizer.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.askonce.optimizer.FakeSemanticCache;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects.Effect;
import dev.askonce.optimizer.chat.Effects.InputSaved;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.chat.Lever.Stage;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.LoggedCall;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final String NOON = "2025-11-15T12:00:00Z";

  /** At the article's prices: 1,000 × $5 and 200 × $15 a million. */
  private static final double CALL_USD = 0.008;

  private static final double EXACT = 1e-12;

  private final LogClock clock = new LogClock(Instant.EPOCH);

  /** A lever that changes requests in one way, and says what a test tells it to. */
  private record Fixed(
      String name, Stage stage, UnaryOperator<ChatRequest> change, List<Effect> effects)
      implements Lever {
    @Override
    public ChatClient over(ChatClient next) {
      return new ChatClient() {
        @Override
        public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
          effects.forEach(context.effects()::add);
          return next.complete(change.apply(request), context);
        }

        @Override
        public ChatStream stream(ChatRequest request, CallContext context) {
          throw new UnsupportedOperationException();
        }
      };
    }
  }

  private static Lever route(String to) {
    return new Fixed(
        "route",
        Stage.ROUTE,
        request -> request.with("model", TextNode.valueOf(to)),
        List.of(new Routed("route", "gpt-4o", to)));
  }

  private static Lever cap(int tokens) {
    return new Fixed(
        "cap",
        Stage.CAP,
        request -> request.with("max_completion_tokens", IntNode.valueOf(tokens)),
        List.of());
  }

  private static Lever compress(Effect... effects) {
    return new Fixed("compress", Stage.COMPRESS, request -> request, List.of(effects));
  }

  private Replay.Builder replay() {
    return Replay.builder(clock, Prices.november2025());
  }

  @Test
  void noLevers_saveNothing() {
    Replay replay = replay().build();
    replay.add(Logged.call(NOON, "a?", "yes"));
    ReplayReport report = replay.report();
    assertEquals(1, report.requests());
    assertEquals(CALL_USD, report.baselineUsd(), EXACT);
    assertEquals(CALL_USD, report.actualUsd(), EXACT);
    assertEquals(0, report.savedPct());
    assertEquals(Map.of(), report.levers());
    assertEquals(1, report.days(), "no time passed");
  }

  @Test
  void levers_saveAloneAndAfterEachOther() {
    Replay replay =
        replay()
            .lever(() -> cap(100))
            .lever(() -> route("gpt-4o-mini"))
            .lever(() -> compress(new InputSaved("compress", 400)))
            .build();
    replay.add(Logged.call(NOON, "a?", "yes"));
    ReplayReport report = replay.report();
    Map<String, ReplayReport.Saving> levers = report.levers();
    assertEquals(List.of("route", "compress", "cap"), List.copyOf(levers.keySet()));
    assertEquals(CALL_USD - 0.00027, levers.get("route").alone(), EXACT);
    assertEquals(CALL_USD - 0.00027, levers.get("route").together(), EXACT);
    assertEquals(400 * 5e-6, levers.get("compress").alone(), EXACT);
    assertEquals(400 * 0.15e-6, levers.get("compress").together(), EXACT);
    assertEquals(100 * 15e-6, levers.get("cap").alone(), EXACT);
    assertEquals(100 * 0.6e-6, levers.get("cap").together(), EXACT);
    assertEquals(600 * 0.15e-6 + 100 * 0.6e-6, report.actualUsd(), EXACT);
    assertEquals(1, report.cap().cutShort());
    assertEquals(-(600 * 0.15e-6 + 100 * 0.6e-6), report.cap().togetherAskedAgainUsd(), EXACT);
    assertEquals(1, report.route().budgetShare());
    assertEquals(Map.of("gpt-4o-mini", 1L), report.route().models());
  }

  @Test
  void limitAboveTheAnswer_cutsNothing() {
    Replay replay = replay().lever(() -> cap(200)).build();
    replay.add(Logged.call(NOON, "a?", "yes"));
    ReplayReport.Saving cap = replay.report().levers().get("cap");
    assertEquals(0, cap.alone());
    assertEquals(0, replay.report().cap().cutShort());
    assertEquals(0, cap.calls());
  }

  @Test
  void batch_halvesWhatNobodyWaitsFor() {
    Replay replay = replay().batch().build();
    replay.add(Logged.call(NOON, "a?", "yes"));
    LoggedCall waits = Logged.call(NOON, "b?", "yes");
    replay.add(
        new LoggedCall(
            waits.at(),
            waits.endpoint(),
            waits.tenant(),
            false,
            waits.request(),
            waits.status(),
            waits.response(),
            waits.latencyMillis()));
    ReplayReport report = replay.report();
    assertEquals(CALL_USD / 2, report.levers().get("batch").alone(), EXACT);
    assertEquals(1, report.levers().get("batch").calls());
    assertEquals(1.5 * CALL_USD, report.actualUsd(), EXACT);
  }

  @Test
  void batch_takesNoStreams_asInService() {
    Replay replay = replay().batch().build();
    LoggedCall call = Logged.call(NOON, "a?", "yes");
    call.request().put("stream", true);
    replay.add(LoggedCall.parse(call.toTree().put("interactive", false).toString()));
    assertEquals(0, replay.report().levers().get("batch").alone(), EXACT);
  }

  @Test
  void call_isPricedByItsTierAndByTheModelThatAnswered() {
    Replay replay = Replay.builder(new LogClock(Instant.parse(NOON)), Prices.published()).build();
    String flex =
        Logged.call(NOON, "a?", "yes")
            .toJson()
            .replace("\"model\":\"gpt-4o\"", "\"model\":\"gpt-5\"");
    replay.add(LoggedCall.parse(flex));
    double standard = replay.report().baselineUsd();
    replay.add(
        LoggedCall.parse(flex.replace("\"choices\"", "\"service_tier\":\"flex\",\"choices\"")));
    assertEquals(1.5 * standard, replay.report().baselineUsd(), EXACT);
    replay.add(LoggedCall.parse(flex.replaceFirst("\"gpt-5\"", "\"our-deployment\"")));
    assertEquals(2.5 * standard, replay.report().baselineUsd(), EXACT);
    replay.add(
        LoggedCall.parse(flex.replace("\"choices\"", "\"service_tier\":\"scale\",\"choices\"")));
    assertEquals(2.5 * standard, replay.report().baselineUsd(), EXACT);
    assertEquals(Map.of("gpt-5 (scale)", 1L), replay.report().skipped().unpriced());
  }

  @Test
  void overhead_isALeversOwnLoss() {
    Usage judge = Usage.of(1000, 1000);
    Replay replay =
        replay().lever(() -> compress(new Overhead("compress", "gpt-4o-mini", judge))).build();
    replay.add(Logged.call(NOON, "a?", "yes"));
    ReplayReport report = replay.report();
    assertEquals(-0.00075, report.levers().get("compress").alone(), EXACT);
    assertEquals(CALL_USD + 0.00075, report.actualUsd(), EXACT);
    assertTrue(report.savedPct() < 0);
  }

  @Test
  void cache_answersRepeatsOfItsScope() {
    FakeSemanticCache cache = new FakeSemanticCache();
    cache.paraphrase("a now?", "a?");
    Replay replay = replay().cache(cache).lever(() -> route("gpt-4o-mini")).build();
    replay.add(Logged.call("2025-11-15T12:00:00Z", "a?", "yes"));
    replay.add(Logged.call("2025-11-15T12:00:01Z", "a?", "yes"));
    replay.add(Logged.call("2025-11-15T12:00:02Z", "a now?", "no"));
    replay.add(
        Logged.call(
            "2025-11-15T12:00:03Z",
            "faq",
            "gpt-4o-mini",
            "{'role':'user','content':'a?'}",
            "yes",
            1000,
            200));
    ReplayReport report = replay.report();
    assertEquals(2, report.cache().hits());
    assertEquals(0.5, report.cache().hitRate());
    assertEquals(1, report.cache().otherAnswers());
    assertEquals(2 * CALL_USD, report.levers().get("cache").alone(), EXACT);
    assertEquals(2 * CALL_USD, report.levers().get("cache").together(), EXACT);
    // Alone the router has all four, behind the cache two; one of them costs no less there.
    assertEquals(3 * (CALL_USD - 0.00027), report.levers().get("route").alone(), EXACT);
    assertEquals(CALL_USD - 0.00027, report.levers().get("route").together(), EXACT);
    assertEquals(0.5, report.route().budgetShare());
    assertEquals(Instant.parse("2025-11-15T12:00:03Z"), clock.instant());
  }

  @Test
  void streamedCalls_areTheSameCalls() {
    FakeSemanticCache cache = new FakeSemanticCache();
    Replay replay = replay().cache(cache).build();
    replay.add(Logged.call(NOON, "a?", "yes"));
    replay.add(
        Logged.call(
            NOON,
            "faq",
            "gpt-4o",
            "{'role':'user','content':'a?'}",
            "yes",
            1000,
            200,
            "'stream':true",
            "'stream_options':{'include_usage':true}"));
    assertEquals(1, replay.report().cache().hits());
  }

  @Test
  void savings_addUp() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    FakeSemanticCache cache = new FakeSemanticCache();
    Replay replay =
        replay()
            .cache(cache)
            .lever(() -> route("gpt-4o-mini"))
            .lever(() -> compress(new InputSaved("compress", 77)))
            .lever(() -> cap(150))
            .batch()
            .build();
    for (int i = 0; i < 200; i++) {
      replay.add(
          Logged.call(
              "2025-11-15T12:%02d:00Z".formatted(i % 60),
              "e" + random.nextInt(9),
              random.nextBoolean() ? "gpt-4o" : "claude-3-5-haiku",
              "{'role':'user','content':'q" + random.nextInt(50) + "'}",
              "yes",
              1 + random.nextInt(5000),
              1 + random.nextInt(500)));
    }
    ReplayReport report = replay.report();
    double together =
        report.levers().values().stream().mapToDouble(ReplayReport.Saving::together).sum();
    assertEquals(report.baselineUsd() - report.actualUsd(), together, 1e-9, "seed " + seed);
    assertEquals(5, report.topDrivers().size());
    for (int i = 1; i < 5; i++) {
      assertTrue(report.topDrivers().get(i - 1).usd() >= report.topDrivers().get(i).usd());
    }
    assertTrue(report.skipped().outOfOrder() > 0);
  }

  @Test
  void callsWithoutMoney_areCounted() {
    Replay replay = replay().build();
    replay.malformed(3);
    replay.malformed(9);
    replay.add(Logged.line("{'at':'" + NOON + "','request':{'model':'gpt-4o'},'status':429}"));
    replay.add(Logged.line("{'at':'" + NOON + "','request':{'model':'gpt-4o'},'status':0}"));
    replay.add(
        Logged.call(NOON, "faq", "who-knows", "{'role':'user','content':'a?'}", "yes", 10, 10));
    replay.add(
        Logged.line(
            "{'at':'"
                + NOON
                + "','request':{'model':'gpt-4o','messages':[{'role':'user','content':'a?'}]},"
                + "'response':{'choices':[{'message':{'content':'yes'},'finish_reason':'stop'}]}}"));
    ReplayReport.Skipped skipped = replay.report().skipped();
    assertEquals(2, skipped.malformed());
    assertEquals(List.of(3L, 9L), skipped.malformedLines());
    assertEquals(2, skipped.failed());
    assertEquals(1, skipped.estimated());
    assertEquals(Map.of("who-knows", 1L), skipped.unpriced());
    assertTrue(replay.report().baselineUsd() > 0);
    assertEquals(4, replay.report().requests());
  }

  @Test
  void sensitivity_passesThroughWhatWasMeasured() {
    FakeSemanticCache cache = new FakeSemanticCache();
    Replay replay = replay().cache(cache).lever(() -> route("gpt-4o-mini")).build();
    for (int i = 0; i < 8; i++) {
      replay.add(Logged.call(NOON, "q" + i % 6, "yes"));
    }
    ReplayReport report = replay.report();
    ReplayReport.Sensitivity measured =
        report.sensitivity().stream()
            .filter(each -> each.hitRate() == report.cache().hitRate())
            .filter(each -> each.cheapShare() == report.route().budgetShare())
            .findFirst()
            .orElseThrow();
    assertEquals(0.25, measured.hitRate());
    assertEquals(1, measured.cheapShare());
    assertEquals(report.savedPct(), measured.savedPct(), 1e-9);
    ReplayReport.Sensitivity nothing = report.sensitivity().getFirst();
    assertEquals(0, nothing.savedPct(), 1e-9);
  }

  @Test
  void otherPrices_areOfTheSameCalls() {
    Replay replay = replay().alsoAt(Prices.november2025()).lever(() -> cap(100)).build();
    replay.add(Logged.call(NOON, "a?", "yes"));
    assertEquals(replay.report(0), replay.report(1));
    assertEquals(1, replay.report(1).requests());
  }

  @Test
  void replacedTexts_areLeftToTheCacheAndTheBatchPrice() {
    String asked = "hash:K1vJ0dN6mSzJ3u8Qd0aL2A:57";
    Replay replay =
        replay()
            .cache(new FakeSemanticCache())
            .lever(() -> route("gpt-4o-mini"))
            .lever(() -> cap(1))
            .build();
    replay.add(Logged.call(NOON, asked, "hash:mj8mXxKrPYcf5RBAlU0X6w:8"));
    replay.add(Logged.call(NOON, asked, "hash:mj8mXxKrPYcf5RBAlU0X6w:8"));
    ReplayReport report = replay.report();
    assertEquals(2, report.skipped().withoutTexts());
    assertEquals(1, report.cache().hits());
    assertEquals(0, report.levers().get("route").alone());
    assertEquals(0, report.levers().get("cap").alone());
    assertEquals(CALL_USD, report.actualUsd(), EXACT);
  }
}
