package dev.askonce.optimizer.cap;

import static dev.askonce.optimizer.cap.CapBench.context;
import static dev.askonce.optimizer.cap.CapBench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.FakeSemanticCache;
import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Effects;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapRetryTest {
  private final FakeSemanticCache cache = new FakeSemanticCache();

  private ChatReply askThroughTheCache(CapBench bench, ChatRequest request) throws IOException {
    Ledger ledger = new Ledger(Prices.november2025(), CapBench.TOKENS, InstantSource.system());
    return Pipeline.of(ledger, bench.lever, CacheLever.builder(cache).build())
        .over(bench.transport)
        .complete(request, context(Task.FACTUAL));
  }

  private static List<Effects.Overhead> overheads(CallContext context) {
    return context.effects().all().stream()
        .filter(Effects.Overhead.class::isInstance)
        .map(Effects.Overhead.class::cast)
        .toList();
  }

  /** Cuts off what a limit below 1,000 does not leave room for. */
  private static String answer(ChatRequest request) {
    boolean enough = request.outputTokensMax().orElse(Long.MAX_VALUE) >= 1_000;
    return enough ? Wire.completion("All of it.") : Wire.completion("All", "length");
  }

  @Test
  void truncated_isAskedAnewOnceWithALargerLimit() throws IOException {
    CapBench bench = new CapBench(settings(), (request, call) -> answer(request));
    CallContext context = context(Task.FACTUAL);
    ChatReply reply = bench.ask(Wire.ask("x"), context);
    assertEquals("All of it.", reply.completion().content());
    assertEquals(2, bench.transport.calls());
    assertEquals(2_000, bench.sent.getLast().outputTokensMax().getAsLong());
    CapCounts counts = bench.lever.counts();
    assertEquals(1, counts.truncated());
    assertEquals(1, counts.retried());
    assertEquals(0, counts.passedOn());
    Effects.Overhead wasted = overheads(context).getFirst();
    assertEquals(CapLever.NAME, wasted.lever());
    assertEquals("gpt-4o-2024-08-06", wasted.model());
    assertEquals(1000, wasted.usage().input());
    assertEquals(200, wasted.usage().output());
  }

  @Test
  void secondAnswer_isCached_butNoTruncatedOne() throws IOException {
    CapBench enough = new CapBench(settings(), (request, call) -> answer(request));
    askThroughTheCache(enough, Wire.ask("short of room"));
    assertEquals(1, cache.size());
    CapBench never = new CapBench(settings(), (request, call) -> Wire.completion("All", "length"));
    ChatReply reply = askThroughTheCache(never, Wire.ask("never ends"));
    assertEquals("length", reply.completion().finishReason().orElseThrow());
    assertEquals(2, never.transport.calls());
    assertEquals(1, never.lever.counts().passedOn());
    assertEquals(1, cache.size());
  }

  @Test
  void factorOfOne_leavesAnswersCutOff() throws IOException {
    CapBench bench = new CapBench(settings().retryFactor(1), (request, call) -> answer(request));
    for (int i = 1; i <= 50; i++) {
      ChatReply reply = bench.ask(Wire.ask("x"), context(Task.FACTUAL));
      assertEquals("All", reply.completion().content());
      assertEquals(500, bench.sent.getLast().outputTokensMax().getAsLong());
      assertEquals(i, bench.transport.calls());
    }
    assertEquals(50, bench.lever.counts().passedOn());
    assertEquals(0, bench.lever.counts().retried());
  }

  @Test
  void limitOfTheCaller_isNoReasonToAskAnew() throws IOException {
    CapBench bench = new CapBench(settings(), (request, call) -> answer(request));
    bench.ask(Wire.ask("x", "'max_tokens':100"), context(Task.FACTUAL));
    assertEquals(1, bench.transport.calls());
    assertEquals(0, bench.lever.counts().truncated());
  }

  @Test
  void limitOfTheCaller_boundsTheSecondTry() throws IOException {
    CapBench bench = new CapBench(settings(), (request, call) -> answer(request));
    bench.ask(Wire.ask("x", "'max_tokens':1200"), context(Task.FACTUAL));
    assertEquals(1_200, bench.sent.getLast().outputTokensMax().getAsLong());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void secondTryThatFails_leavesTheFirstAnswer(boolean broken) throws IOException {
    FakeTransport[] provider = new FakeTransport[1];
    CapBench bench =
        new CapBench(
            settings(),
            (request, call) -> {
              if (call == 1) {
                return Wire.completion("All", "length");
              }
              if (broken) {
                throw new IOException("reset");
              }
              provider[0].status(503);
              return "{}";
            });
    provider[0] = bench.transport;
    CallContext context = context(Task.FACTUAL);
    ChatReply reply = bench.ask(Wire.ask("x"), context);
    assertEquals("All", reply.completion().content());
    assertEquals(200, reply.status());
    assertEquals(1, bench.lever.counts().passedOn());
    assertTrue(overheads(context).isEmpty(), "nothing was thrown away");
  }

  @Test
  void refusedChange_isSentAsItCame_andTheModelLeftAloneAfterThree() throws IOException {
    FakeTransport[] provider = new FakeTransport[1];
    CapBench bench =
        new CapBench(
            settings(),
            (request, call) -> {
              boolean limited = request.outputTokensMax().isPresent();
              provider[0].status(limited ? 400 : 200);
              return limited ? "{\"error\":{\"message\":\"max_tokens\"}}" : Wire.completion("Yes.");
            });
    provider[0] = bench.transport;
    ChatRequest request = Wire.ask("x");
    for (int i = 0; i < 5; i++) {
      assertEquals(200, bench.ask(request, context(Task.FACTUAL)).status());
      assertSame(request, bench.sent.getLast());
    }
    assertEquals(3, bench.lever.counts().refused());
    assertEquals(3 * 2 + 2, bench.transport.calls());
  }

  @Test
  void mistakeOfTheCaller_isNoRefusalOfOurChange() throws IOException {
    CapBench bench = new CapBench(settings(), (request, call) -> "{\"error\":{}}");
    bench.transport.status(400);
    for (int i = 0; i < 5; i++) {
      assertEquals(400, bench.ask(Wire.ask("x"), context(Task.FACTUAL)).status());
    }
    assertEquals(0, bench.lever.counts().refused());
    assertEquals(10, bench.transport.calls());
  }

  @Test
  void troubleOfTheLever_passesTheRequestOn() throws IOException {
    CapBench bench =
        new CapBench(
            CapLever.builder()
                .random(
                    () -> {
                      throw new IllegalStateException();
                    }));
    ChatRequest request = Wire.ask("x");
    assertEquals("Yes.", bench.ask(request, context(Task.FACTUAL)).completion().content());
    assertSame(request, bench.sent.getLast());
    assertEquals(1, bench.lever.counts().passedOver());
  }

  @Test
  void brokenExchange_isTheCallersToSee() {
    CapBench bench =
        new CapBench(
            settings(),
            (request, call) -> {
              throw new IOException("reset");
            });
    assertThrows(IOException.class, () -> bench.ask(Wire.ask("x"), context(Task.FACTUAL)));
    assertEquals(0, bench.lever.counts().passedOver());
  }
}
