package dev.askonce.optimizer.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.fanout.FanOut.Call;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FanOutTest {
  /**
   * Of 240 calls, of which three quarters come too early. The threads of a busy machine are late in
   * telling what the first replies said.
   */
  private static final int REFUSED_MAX = 30;

  private final FakeTicker ticker = new FakeTicker();

  /** A provider as one function. */
  private interface Provider extends ChatClient {
    @Override
    ChatReply complete(ChatRequest request, CallContext context) throws IOException;

    @Override
    default ChatStream stream(ChatRequest request, CallContext context) {
      throw new UnsupportedOperationException();
    }
  }

  private static String text(ChatRequest request) {
    return request.messages().get(0).path("content").asText();
  }

  private static ChatReply reply(int status, String body, Map<String, List<String>> headers) {
    return new ChatReply(
        status,
        headers,
        "application/json",
        body.getBytes(StandardCharsets.UTF_8),
        Optional.empty());
  }

  private static ChatReply answer(String text) {
    return reply(200, Wire.completion(text), Map.of());
  }

  private static ChatReply busy(String... retryAfter) {
    return reply(
        429,
        "{\"error\":{\"code\":\"rate_limit_exceeded\"}}",
        retryAfter.length == 0 ? Map.of() : Map.of("Retry-After", List.of(retryAfter)));
  }

  private static List<Call> calls(int count) {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(new Call(Wire.ask("q" + i, "'max_tokens':100"), CallContext.of("acme", Wire.URL)));
    }
    return calls;
  }

  private FanOut.Builder builder(Provider provider) {
    return FanOut.builder(provider).ticker(ticker);
  }

  @Test
  void outcomes_standInThePlacesOfTheirCalls() throws Exception {
    FanOut fanOut =
        builder(
                (request, context) ->
                    switch (text(request)) {
                      case "q3" -> throw new IOException("broken");
                      case "q5" -> reply(400, "{}", Map.of());
                      case "q7" -> throw new IllegalStateException("a lever's");
                      default -> answer("re " + text(request));
                    })
            .build();
    List<Outcome> outcomes = fanOut.run(calls(500));
    for (int i = 0; i < 500; i++) {
      if (outcomes.get(i) instanceof Outcome.Answered(ChatReply reply)) {
        assertEquals("re q" + i, reply.completion().content());
      }
    }
    assertEquals("broken", ((Outcome.Broken) outcomes.get(3)).cause().getMessage());
    assertEquals(400, ((Outcome.Refused) outcomes.get(5)).reply().status());
    assertInstanceOf(Outcome.Broken.class, outcomes.get(7));
    assertEquals(497, outcomes.stream().filter(Outcome.Answered.class::isInstance).count());
    assertEquals(List.of(), fanOut.run(List.of()));
  }

  /** A bucket as the provider keeps it, with headers; time is the ticker's. */
  private final class Metered implements Provider {
    private final double requestsMax;
    private final double tokensMax;
    private double requests;
    private double tokens;
    private long at = ticker.nanos();
    private final AtomicInteger refused = new AtomicInteger();

    Metered(double requestsMax, double tokensMax) {
      this.requestsMax = requests = requestsMax;
      this.tokensMax = tokens = tokensMax;
    }

    @Override
    public synchronized ChatReply complete(ChatRequest request, CallContext context) {
      double minutes = (ticker.nanos() - at) / 60e9;
      at = ticker.nanos();
      requests = Math.min(requestsMax, requests + minutes * requestsMax);
      tokens = Math.min(tokensMax, tokens + minutes * tokensMax);
      double cost = request.body().length / 4.0 + 100;
      if (requests < 1 || tokens < cost) {
        refused.incrementAndGet();
        return busy("1");
      }
      requests--;
      tokens -= cost;
      Map<String, List<String>> headers = new HashMap<>();
      put(headers, "requests", requestsMax, requests);
      put(headers, "tokens", tokensMax, tokens);
      return reply(200, Wire.completion("yes"), headers);
    }

    private void put(Map<String, List<String>> to, String kind, double limit, double left) {
      to.put("X-RateLimit-Limit-" + kind, List.of(Integer.toString((int) limit)));
      to.put("X-RateLimit-Remaining-" + kind, List.of(Integer.toString((int) left)));
      double seconds = 60 * (limit - left) / limit;
      to.put(
          "X-RateLimit-Reset-" + kind,
          List.of(
              (int) seconds / 60 + "m" + String.format(Locale.ROOT, "%.3f", seconds % 60) + "s"));
    }
  }

  @Test
  void requestLimit_isKeptAndUsed() throws Exception {
    Metered provider = new Metered(60, 1e9);
    long start = ticker.nanos();
    List<Outcome> outcomes = builder(provider).build().run(calls(240));
    assertEquals(240, outcomes.stream().filter(Outcome.Answered.class::isInstance).count());
    double seconds = (ticker.nanos() - start) / 1e9;
    // 60 at once and then one a second.
    assertTrue(seconds > 175 && seconds < 200, seconds + " s");
    assertTrue(provider.refused.get() <= REFUSED_MAX, provider.refused + " refused");
  }

  @Test
  void tokenLimit_isKeptAndUsed() throws Exception {
    Metered provider = new Metered(1e9, 12_000);
    long start = ticker.nanos();
    List<Outcome> outcomes = builder(provider).build().run(calls(240));
    assertEquals(240, outcomes.stream().filter(Outcome.Answered.class::isInstance).count());
    double seconds = (ticker.nanos() - start) / 1e9;
    double cost = calls(1).get(0).request().body().length / 4.0 + 100;
    double ideal = 60 * (240 * cost - 12_000) / 12_000;
    assertTrue(seconds > 0.97 * ideal && seconds < 1.15 * ideal, seconds + " s, not " + ideal);
    assertTrue(provider.refused.get() <= REFUSED_MAX, provider.refused + " refused");
  }

  @Test
  void busyProvider_isAskedAgainWhenItSays() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    long start = ticker.nanos();
    List<Outcome> outcomes =
        builder((request, context) -> asked.incrementAndGet() <= 2 ? busy("7") : answer("yes"))
            .build()
            .run(calls(1));
    assertInstanceOf(Outcome.Answered.class, outcomes.get(0));
    assertEquals(14, (ticker.nanos() - start) / 1e9, 0.01);
  }

  @Test
  void retryAfterOfAnHour_isAMinuteAtATime() throws Exception {
    long start = ticker.nanos();
    List<Outcome> outcomes =
        builder((request, context) -> busy("3600")).attemptsMax(3).build().run(calls(1));
    assertEquals(429, ((Outcome.Refused) outcomes.get(0)).reply().status());
    assertEquals(120, (ticker.nanos() - start) / 1e9, 0.01);
  }

  @Test
  void busyWithoutATime_isAskedAgainLaterAndLater() throws Exception {
    long start = ticker.nanos();
    builder((request, context) -> busy()).attemptsMax(4).build().run(calls(1));
    assertEquals(1 + 2 + 4, (ticker.nanos() - start) / 1e9, 0.01);
  }

  @Test
  void accountWithoutMoney_isNotAskedAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    List<Outcome> outcomes =
        builder(
                (request, context) -> {
                  asked.incrementAndGet();
                  return reply(429, "{\"error\":{\"code\":\"insufficient_quota\"}}", Map.of());
                })
            .build()
            .run(calls(1));
    assertInstanceOf(Outcome.Refused.class, outcomes.get(0));
    assertEquals(1, asked.get());
  }

  @Test
  void concurrency_growsToItsLimitAndNoFurther() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch eight = new CountDownLatch(8);
    List<Outcome> outcomes =
        FanOut.builder(
                (Provider)
                    (request, context) -> {
                      most.accumulateAndGet(now.incrementAndGet(), Math::max);
                      if (Integer.parseInt(text(request).substring(1)) >= 20) {
                        eight.countDown();
                        await(eight);
                      }
                      now.decrementAndGet();
                      return answer("yes");
                    })
            .concurrencyMax(8)
            .build()
            .run(calls(60));
    assertEquals(60, outcomes.size());
    assertEquals(8, most.get());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void cancelledRun_keepsWhatIsThere() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    FanOutRun run =
        FanOut.builder(
                (Provider)
                    (request, context) -> {
                      if (text(request).equals("q9")) {
                        blocked.countDown();
                        await(never);
                      }
                      return answer("yes");
                    })
            .concurrencyMax(1)
            .build()
            .start(calls(100));
    blocked.await();
    run.cancel();
    List<Outcome> outcomes = run.await();
    assertInstanceOf(Outcome.Answered.class, outcomes.get(8));
    assertEquals(new Outcome.Skipped(Outcome.Reason.CANCELLED), outcomes.get(9));
    assertEquals(new Outcome.Skipped(Outcome.Reason.CANCELLED), outcomes.get(99));
    assertEquals(91, run.progress().failed());
  }

  @Test
  void deadline_endsTheRunEvenIfTheTransportHangs() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    List<Outcome> outcomes =
        builder(
                (request, context) -> {
                  await(never);
                  return answer("late");
                })
            .deadline(Duration.ofMinutes(5))
            .build()
            .run(calls(10));
    assertEquals(
        10, outcomes.stream().filter(new Outcome.Skipped(Outcome.Reason.DEADLINE)::equals).count());
  }

  @Test
  void progress_isToldInOrderUntilItIsOver() throws Exception {
    List<Progress> told = new ArrayList<>();
    builder((request, context) -> answer("yes"))
        .progress(
            now -> {
              told.add(now);
              throw new IllegalStateException("the caller's own");
            })
        .build()
        .run(calls(50));
    assertTrue(told.getLast().isOver(), told.toString());
    assertEquals(50, told.getLast().answered());
    for (int i = 1; i < told.size(); i++) {
      assertTrue(told.get(i).answered() >= told.get(i - 1).answered());
    }
  }
}
