package dev.askonce.optimizer.ledger;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.completion;
import static dev.askonce.optimizer.Wire.drain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.FakeSemanticCache;
import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class BudgetLeverTest {
  private static final CallContext CONTEXT = CallContext.of("acme", Wire.URL);

  /** 1,000 × $5 + 200 × $15 a million tokens: what each call of the transport costs. */
  private static final long CALL = 8_000_000;

  private Instant now = Instant.parse("2025-11-30T12:00:00Z");
  private final List<BudgetAlert> alerts = new ArrayList<>();
  private final FakeTransport transport = new FakeTransport((request, call) -> completion("A"));

  private BudgetLever.Builder builder(Budget... budgets) {
    BudgetLever.Builder builder =
        BudgetLever.builder(Prices.november2025())
            .clock(() -> now)
            .onAlert(alerts::add)
            .outputTokensExpected(0);
    List.of(budgets).forEach(builder::budget);
    return builder;
  }

  private static Budget calls(long calls) {
    return Budget.of(Budget.Period.DAY, calls * CALL);
  }

  private List<Integer> alerted() {
    return alerts.stream().map(BudgetAlert::percent).toList();
  }

  @Test
  void hardStop_answersWithTheApisErrorAndCallsNobody() throws IOException {
    ChatClient client = builder(calls(2).hardStop(true)).build().over(transport);
    assertEquals(200, client.complete(ask("a"), CONTEXT).status());
    assertEquals(200, client.complete(ask("b"), CONTEXT).status());
    ChatReply refused = client.complete(ask("c"), CONTEXT);
    assertEquals(429, refused.status());
    assertEquals(List.of("false"), refused.headers().get("x-should-retry"));
    JsonNode error = Json.MAPPER.readTree(refused.body()).get("error");
    assertEquals("insufficient_quota", error.get("code").asText());
    assertEquals("insufficient_quota", error.get("type").asText());
    assertTrue(error.get("param").isNull());
    assertEquals(
        "The budget of this day is spent; calls are refused until 2025-12-01 UTC.",
        error.get("message").asText());
    ChatStream stream = client.stream(ask("c", "'stream':true"), CONTEXT);
    assertEquals(429, stream.status());
    assertEquals(error, Json.MAPPER.readTree(drain(stream)).get("error"));
    assertEquals(2, transport.calls());
  }

  @Test
  void hardStop_isNotEvadedByAskingForMoreThanCanBeCounted() throws IOException {
    ChatClient client = builder(calls(2).hardStop(true)).build().over(transport);
    for (String fields :
        List.of(
            "'max_tokens':9223372036854775807",
            "'max_completion_tokens':1e300",
            "'max_tokens':99999999999999999999999",
            "'max_tokens':4611686018427387904,'n':2")) {
      assertEquals(429, client.complete(ask("a", fields), CONTEXT).status(), fields);
    }
    assertEquals(0, transport.calls());
    assertEquals(200, client.complete(ask("a", "'max_tokens':-1"), CONTEXT).status());
  }

  @Test
  void hardStop_isNotEvadedByATierWithoutAPrice() throws IOException {
    transport.answering(
        (request, call) -> completion("A").replaceFirst("\\{", "{\"service_tier\":\"priority\","));
    ChatClient client = builder(calls(2).hardStop(true)).build().over(transport);
    String tier = "'service_tier':'priority'";
    assertEquals(200, client.complete(ask("a", tier), CONTEXT).status());
    assertEquals(200, client.complete(ask("b", tier), CONTEXT).status());
    assertEquals(429, client.complete(ask("c", tier), CONTEXT).status());
  }

  @Test
  void hardStop_letsTheCacheAnswer_andIsAFailureInTheBooks() throws IOException {
    Ledger ledger = new Ledger(Prices.november2025(), new JtokkitCounter(), () -> now);
    ChatClient client =
        Pipeline.of(
                ledger,
                builder(calls(1).hardStop(true)).build(),
                CacheLever.builder(new FakeSemanticCache()).clock(() -> now).build())
            .over(transport);
    assertEquals(200, client.complete(ask("a"), CONTEXT).status());
    assertEquals(200, client.complete(ask("a"), CONTEXT).status());
    assertEquals(429, client.complete(ask("b"), CONTEXT).status());
    assertEquals(429, client.complete(ask("b"), CONTEXT).status());
    assertEquals(1, transport.calls());
    assertEquals(2, ledger.snapshot().total().failures());
    assertEquals(CALL, ledger.snapshot().total().costNanoDollars());
  }

  @Test
  void alerts_comeOnceAPeriodAndShare() throws IOException {
    ChatClient client = builder(calls(10).alertAt(100, 50)).build().over(transport);
    for (int i = 0; i < 12; i++) {
      assertEquals(200, client.complete(ask("a"), CONTEXT).status());
    }
    assertEquals(List.of(50, 100), alerted());
    assertEquals(5 * CALL, alerts.getFirst().status().spentNanoDollars());
    now = now.plus(Duration.ofDays(1));
    for (int i = 0; i < 5; i++) {
      client.complete(ask("a"), CONTEXT);
    }
    assertEquals(List.of(50, 100, 50), alerted());
  }

  @Test
  void refusal_alertsAsIfAllWereSpent() throws IOException {
    BudgetLever lever = builder(Budget.of(Budget.Period.DAY, CALL - 1).hardStop(true)).build();
    // Expected to cost more than is left, by its limit on the output.
    lever.over(transport).complete(ask("a", "'max_tokens':100000"), CONTEXT);
    lever.over(transport).complete(ask("a", "'max_tokens':100000"), CONTEXT);
    assertEquals(List.of(80, 100), alerted());
    assertEquals(0, transport.calls());
    assertEquals(2, lever.status().getFirst().refused());
  }

  @Test
  void periods_beginAnewInUtc() throws IOException {
    ChatClient client =
        builder(
                calls(1).hardStop(true),
                Budget.of(Budget.Period.MONTH, 2 * CALL).hardStop(true).endpoint("default"))
            .build()
            .over(transport);
    now = Instant.parse("2025-11-10T23:59:59Z");
    assertEquals(200, client.complete(ask("a"), CONTEXT).status());
    assertEquals(429, client.complete(ask("a"), CONTEXT).status());
    now = Instant.parse("2025-11-11T00:00:00Z");
    assertEquals(200, client.complete(ask("a"), CONTEXT).status());
    now = Instant.parse("2025-11-12T00:00:00Z");
    assertEquals(429, client.complete(ask("a"), CONTEXT).status());
    assertEquals(200, client.complete(ask("a"), CONTEXT.endpoint("other")).status());
    now = Instant.parse("2025-12-01T00:00:00Z");
    assertEquals(200, client.complete(ask("a"), CONTEXT).status());
  }

  @Test
  void budgets_coverTheirTenantAndEndpointOnly() throws IOException {
    BudgetLever lever =
        builder(
                calls(1).tenant("acme").endpoint("faq").hardStop(true),
                calls(3).forEachTenant().hardStop(true))
            .build();
    ChatClient client = lever.over(transport);
    CallContext faq = CONTEXT.endpoint("faq");
    assertEquals(200, client.complete(ask("a"), faq).status());
    assertEquals(429, client.complete(ask("a"), faq).status());
    assertEquals(200, client.complete(ask("a"), faq.tenant("zeta")).status());
    assertEquals(200, client.complete(ask("a"), CONTEXT).status());
    assertEquals(200, client.complete(ask("a"), CONTEXT).status());
    assertEquals(429, client.complete(ask("a"), CONTEXT).status());
    assertEquals(200, client.complete(ask("a"), CONTEXT.tenant("zeta")).status());
    assertEquals(
        List.of("", "acme", "zeta"), lever.status().stream().map(BudgetStatus::tenant).toList());
  }

  @Test
  void reservation_isReleasedHoweverTheCallEnds() throws IOException {
    BudgetLever lever = builder(calls(100)).build();
    ChatClient client = lever.over(transport);
    String limit = "'max_tokens':10000";
    transport.status(500);
    client.complete(ask("a", limit), CONTEXT);
    client.stream(ask("a", limit), CONTEXT).close();
    transport
        .status(200)
        .answering(
            (request, call) -> {
              assertEquals(
                  150_000_000,
                  lever.status().getFirst().reservedNanoDollars() / 10_000_000 * 10_000_000);
              throw new IOException("gone");
            });
    assertThrows(IOException.class, () -> client.complete(ask("a", limit), CONTEXT));
    assertThrows(IOException.class, () -> client.stream(ask("a", limit), CONTEXT));
    assertEquals(0, lever.status().getFirst().reservedNanoDollars());
    assertEquals(0, lever.status().getFirst().spentNanoDollars());
    transport.answering((request, call) -> Wire.stream("hello") + Wire.usageChunk(1_000, 200));
    ChatStream stream = client.stream(ask("a", limit, "'stream':true"), CONTEXT);
    assertTrue(lever.status().getFirst().reservedNanoDollars() > 0);
    stream.close();
    assertEquals(0, lever.status().getFirst().reservedNanoDollars());
    assertEquals(0, lever.troubleCount());
  }

  @Test
  void streamThroughABudget_isStillKeptByTheCache() throws IOException {
    transport.answering((request, call) -> Wire.stream("hello"));
    FakeSemanticCache store = new FakeSemanticCache();
    ChatClient client =
        Pipeline.of(
                new Ledger(Prices.november2025(), new JtokkitCounter(), () -> now),
                CacheLever.builder(store).clock(() -> now).build(),
                builder(calls(100)).build())
            .over(transport);
    String first = drain(client.stream(ask("a", "'stream':true"), CONTEXT));
    assertEquals(first, drain(client.stream(ask("a", "'stream':true"), CONTEXT)));
    assertEquals(1, transport.calls());
  }

  @Test
  void carryOver_goesOnWhereItWas() throws IOException {
    Budget budget = calls(2).hardStop(true);
    BudgetLever before = builder(budget).build();
    before.over(transport).complete(ask("a"), CONTEXT);
    before.over(transport).complete(ask("a"), CONTEXT);
    List<BudgetStatus> status = before.status();
    alerts.clear();
    BudgetLever after = builder(budget).carryOver(status).build();
    assertEquals(status, after.status());
    assertEquals(429, after.over(transport).complete(ask("a"), CONTEXT).status());
    now = now.plus(Duration.ofDays(1));
    BudgetLever later = builder(budget).carryOver(status).build();
    assertEquals(200, later.over(transport).complete(ask("a"), CONTEXT).status());
    assertEquals(List.of(), alerted());
  }

  @Test
  void alertThatThrows_isPassedOver() throws IOException {
    BudgetLever lever =
        builder(calls(1))
            .onAlert(
                alert -> {
                  throw new IllegalStateException();
                })
            .build();
    assertEquals(200, lever.over(transport).complete(ask("a"), CONTEXT).status());
    assertEquals(2, lever.troubleCount());
  }

  @Test
  void callsAtOnce_neverReserveMoreThanThereIs() throws Exception {
    // Each is expected to cost just what it does: 1,000 tokens of 4 bytes, and 200 of output.
    String text = "x".repeat(4_000 - ask("", "'max_tokens':200").body().length);
    ChatClient client = builder(calls(10).hardStop(true)).build().over(transport);
    int threads = 8;
    AtomicInteger served = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    Thread[] workers = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      workers[i] =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      start.await();
                      for (int call = 0; call < 5; call++) {
                        if (client.complete(ask(text, "'max_tokens':200"), CONTEXT).status()
                            == 200) {
                          served.incrementAndGet();
                        }
                      }
                    } catch (IOException | InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
    }
    start.countDown();
    for (Thread worker : workers) {
      worker.join();
    }
    assertEquals(10, served.get());
    assertEquals(10, transport.calls());
  }

  @Test
  void settings_thatMakeNoSense_areRefused() {
    assertThrows(ChatException.InvalidSetting.class, () -> Budget.of(Budget.Period.DAY, 0));
    assertThrows(ChatException.InvalidSetting.class, () -> calls(1).alertAt(0));
    assertThrows(ChatException.InvalidSetting.class, () -> calls(1).tenant("acme").forEachTenant());
  }
}
