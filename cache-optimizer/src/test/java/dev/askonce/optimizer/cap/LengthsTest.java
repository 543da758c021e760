package dev.askonce.optimizer.cap;

import static dev.askonce.optimizer.cap.CapBench.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Effects;
import dev.askonce.optimizer.chat.Task;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LengthsTest {
  private static String completion(long outputTokens) {
    return Wire.completion("x")
        .replace("\"completion_tokens\":200", "\"completion_tokens\":" + outputTokens);
  }

  @Test
  void mean_needsTenAnswers_andForgetsTheOldest() {
    LengthProfile profile = new LengthProfile();
    for (int i = 0; i < 9; i++) {
      profile.addUncontrolled(100);
    }
    assertEquals(OptionalLong.empty(), profile.uncontrolledMean());
    profile.addUncontrolled(200);
    assertEquals(OptionalLong.of(110), profile.uncontrolledMean());
    for (int i = 0; i < 1_000; i++) {
      profile.addUncontrolled(50);
    }
    assertEquals(OptionalLong.of(50), profile.uncontrolledMean());
  }

  @Test
  void percentile_needsAHundredAnswers() {
    LengthProfile profile = new LengthProfile();
    for (int i = 1; i <= 99; i++) {
      profile.addControlled(i);
    }
    assertEquals(OptionalInt.empty(), profile.controlledQuantile());
    profile.addControlled(100);
    assertEquals(OptionalInt.of(99), profile.controlledQuantile());
  }

  @Test
  void profiles_areByEndpointAndTask_andBounded() {
    Lengths lengths = new Lengths();
    assertSame(lengths.of("a", Task.FACTUAL), lengths.of("a", Task.FACTUAL));
    assertNotSame(lengths.of("a", Task.FACTUAL), lengths.of("a", Task.CODE));
    assertNotSame(lengths.of("a", Task.FACTUAL), lengths.of("b", Task.FACTUAL));
    for (int i = 0; i < 2_000; i++) {
      lengths.of("endpoint" + i, Task.FACTUAL);
    }
    assertSame(lengths.of("new", Task.FACTUAL), lengths.of("newer", Task.FACTUAL));
  }

  @Test
  void adaptiveLimit_followsTheEndpointsOwnAnswers() throws IOException {
    long[] length = {40};
    CapBench bench =
        new CapBench(CapBench.settings().adaptive(1.5), (request, call) -> completion(length[0]));
    CallContext faq = context(Task.FACTUAL).endpoint("faq");
    assertEquals(500, bench.sent(Wire.ask("x"), faq).path("max_tokens").asInt());
    for (int i = 0; i < 100; i++) {
      bench.ask(Wire.ask("x"), faq.fresh());
    }
    assertEquals(60, bench.sent(Wire.ask("x"), faq.fresh()).path("max_tokens").asInt());
    CallContext other = context(Task.FACTUAL).endpoint("other");
    assertEquals(500, bench.sent(Wire.ask("x"), other).path("max_tokens").asInt());
    length[0] = 9_000;
    for (int i = 0; i < 1_000; i++) {
      bench.ask(Wire.ask("x"), faq.fresh());
    }
    assertEquals(
        2_000, bench.sent(Wire.ask("x"), faq.fresh()).path("max_tokens").asInt(), "never more");
    length[0] = 1;
    for (int i = 0; i < 1_000; i++) {
      bench.ask(Wire.ask("x"), faq.fresh());
    }
    assertEquals(32, bench.sent(Wire.ask("x"), faq.fresh()).path("max_tokens").asInt());
  }

  @Test
  void exploredCalls_keepTheirForm_butHaveNoLimit() throws IOException {
    CapBench bench =
        new CapBench(
            CapLever.builder()
                .exploredShare(0.02)
                .random(() -> 0.01)
                .json("orders", JsonFormat.schema("order", JsonNodeFactory.instance.objectNode())));
    ChatRequest request = Wire.ask("x");
    var sent = bench.sent(request, context(Task.EXTRACTION).endpoint("orders"));
    assertEquals("json_schema", sent.at("/response_format/type").asText());
    assertEquals(1, sent.path("messages").size());
    assertTrue(bench.sent.getLast().outputTokensMax().isEmpty());
    assertEquals(1, bench.lever.counts().explored());
  }

  @Test
  void savedTokens_areRightInTheSum() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    // Answers of 100 to 300 tokens, of which an instruction takes away half.
    CapBench bench =
        new CapBench(
            CapLever.builder().exploredShare(0.1).random(random::nextDouble),
            (request, call) -> {
              int free = 100 + random.nextInt(201);
              return completion(request.outputTokensMax().isPresent() ? free / 2 : free);
            });
    long claimed = 0;
    int claims = 0;
    for (int i = 0; i < 5_000; i++) {
      CallContext context = context(Task.FACTUAL);
      bench.ask(Wire.ask("x"), context);
      for (Effects.Effect effect : context.effects().all()) {
        if (effect instanceof Effects.OutputSaved saved) {
          claimed += saved.tokens();
          claims++;
        }
      }
    }
    assertTrue(claims > 4_000, claims + " claims");
    // Five standard errors of the mean of some 300 to 500 explored calls.
    assertEquals(100, claimed / (double) claims, 15);
  }

  @Test
  void limitThatCutsOffTooMany_isTheLargerOneAtOnce() throws IOException {
    boolean[] chatty = {false};
    CapBench bench =
        new CapBench(
            CapBench.settings().limit(Task.FACTUAL, 100),
            (request, call) -> completion(chatty[0] ? 300 : 40));
    CallContext context = context(Task.FACTUAL);
    for (int i = 0; i < 100; i++) {
      chatty[0] = i % 25 == 24;
      assertEquals(
          100,
          bench.sent(Wire.ask("x"), context.fresh()).path("max_tokens").asInt(),
          "4% are long");
    }
    chatty[0] = true;
    bench.ask(Wire.ask("x"), context.fresh());
    bench.ask(Wire.ask("x"), context.fresh());
    bench.ask(Wire.ask("x"), context.fresh());
    assertEquals(400, bench.sent(Wire.ask("x"), context.fresh()).path("max_tokens").asInt());
    chatty[0] = false;
    for (int i = 0; i < 100; i++) {
      bench.ask(Wire.ask("x"), context.fresh());
    }
    assertEquals(100, bench.sent(Wire.ask("x"), context.fresh()).path("max_tokens").asInt());
  }
}
