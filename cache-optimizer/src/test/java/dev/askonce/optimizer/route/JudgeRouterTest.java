package dev.askonce.optimizer.route;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.completion;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.chat.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JudgeRouterTest {
  private final List<ChatRequest> asked = new ArrayList<>();
  private final CallContext context = CallContext.of("acme", Wire.URL);
  private final JudgeRouter router =
      JudgeRouter.builder(TargetModel.of("gpt-4o-mini"))
          .deadline(Duration.ofSeconds(30))
          .otherwise((request, call) -> new Routing(Tier.STANDARD, Double.NaN, "otherwise"))
          .build();

  private FakeTransport saying(String word) {
    return new FakeTransport(
        (request, call) -> {
          asked.add(request);
          return completion(word);
        });
  }

  @Test
  void judge_isAskedAsTheArticleAsks() {
    router.route(ask("x".repeat(600), "'temperature':0.9"), context, saying("simple"));
    JsonNode expected =
        Wire.request(
                "{'model':'gpt-4o-mini','messages':[{'role':'system','content':"
                    + "'Classify the complexity of this task.\\n"
                    + "Simple: classification, extraction, lookup, format conversion,"
                    + " yes/no questions.\\n"
                    + "Complex: multi-step reasoning, code generation, detailed analysis,"
                    + " creative generation.\\n"
                    + "Respond with exactly one word: simple or complex.'},"
                    + "{'role':'user','content':'"
                    + "x".repeat(500)
                    + "'}],'max_tokens':5,'temperature':0}")
            .json();
    assertEquals(expected, asked.getFirst().json());
    assertFalse(asked.getFirst().stream());
  }

  @ParameterizedTest
  @CsvSource({
    "complex, STANDARD",
    "' Complex\\n', STANDARD",
    "COMPLEX, STANDARD",
    "simple, BUDGET",
    "complex., BUDGET",
    "'it is complex', BUDGET",
    "'', BUDGET"
  })
  void anythingButComplex_isBudget(String word, Tier tier) {
    Routing routing = router.route(ask("q"), context, saying(word));
    assertEquals(tier, routing.tier());
    assertEquals("judge", routing.reason());
    assertTrue(Double.isNaN(routing.need()));
  }

  @Test
  void prompt_isCutInCharacters_neverInsideOne() {
    String text = "a" + "\uD83D\uDE00".repeat(600);
    router.route(ask(text), context, saying("simple"));
    String cut = asked.getFirst().messages().get(1).path("content").asText();
    assertEquals(500, cut.codePointCount(0, cut.length()));
    assertTrue(text.startsWith(cut) && Character.isLowSurrogate(cut.charAt(cut.length() - 1)));
  }

  @Test
  void call_isOverhead() {
    router.route(ask("q"), context, saying("simple"));
    assertEquals(
        List.of(new Overhead("route", "gpt-4o-mini", Usage.of(1000, 200))),
        context.effects().all());
  }

  @Test
  void call_isOfItsOwnKind_whateverTheCallersIs() {
    List<CallContext> seen = new ArrayList<>();
    FakeTransport judge = saying("simple");
    ChatClient below =
        new ChatClient() {
          @Override
          public ChatReply complete(ChatRequest request, CallContext call) throws IOException {
            seen.add(call);
            return judge.complete(request, call);
          }

          @Override
          public ChatStream stream(ChatRequest request, CallContext call) throws IOException {
            return judge.stream(request, call);
          }
        };
    router.route(ask("q"), context.interactive(false).task(Task.EXTRACTION).endpoint("faq"), below);
    CallContext own = seen.getFirst();
    assertTrue(own.interactive() && own.task().isEmpty() && own.tier().isEmpty());
    assertEquals("faq", own.endpoint());
    assertEquals("acme", own.tenant().orElseThrow());
  }

  @Test
  void failure_isDecidedByTheOther() {
    FakeTransport broken =
        new FakeTransport(
            (request, call) -> {
              throw new IOException("no route to host");
            });
    FakeTransport busy = new FakeTransport((request, call) -> "{}").status(429);
    FakeTransport rubbish = new FakeTransport((request, call) -> "<html>");
    for (FakeTransport judge : List.of(broken, busy, rubbish)) {
      assertEquals("otherwise", router.route(ask("q"), context, judge).reason());
    }
    assertEquals("otherwise", router.route(ask("q"), context).reason(), "no client");
  }

  @Test
  void failure_byDefault_isTheStandardTier() {
    JudgeRouter plain = JudgeRouter.builder(TargetModel.of("gpt-4o-mini")).build();
    FakeTransport busy = new FakeTransport((request, call) -> "{}").status(500);
    assertEquals(Tier.STANDARD, plain.route(ask("q"), context, busy).tier());
  }

  @Test
  void ownClient_isAskedInPlaceOfTheNext() {
    FakeTransport own = saying("complex");
    FakeTransport next = saying("simple");
    JudgeRouter apart = JudgeRouter.builder(TargetModel.of("judge")).client(own).build();
    assertEquals(Tier.STANDARD, apart.route(ask("q"), context, next).tier());
    assertEquals(Tier.STANDARD, apart.route(ask("q"), context).tier());
    assertEquals(0, next.calls());
  }

  @Test
  void lateJudge_isNotWaitedFor_butBooked() {
    CountDownLatch never = new CountDownLatch(1);
    ChatClient late =
        new ChatClient() {
          @Override
          public ChatReply complete(ChatRequest request, CallContext call) throws IOException {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new IOException("interrupted", e);
            }
            throw new AssertionError("nobody counts down");
          }

          @Override
          public ChatStream stream(ChatRequest request, CallContext call) {
            throw new AssertionError("a judge does not stream");
          }
        };
    JudgeRouter hasty =
        JudgeRouter.builder(TargetModel.of("gpt-4o-mini")).deadline(Duration.ofMillis(1)).build();
    assertEquals(FixedRouter.DEFAULT, hasty.route(ask("q"), context, late).reason());
    Overhead booked = (Overhead) context.effects().all().getFirst();
    assertTrue(booked.usage().input() > 40, booked.toString());
    assertEquals(0, booked.usage().output());
  }
}
