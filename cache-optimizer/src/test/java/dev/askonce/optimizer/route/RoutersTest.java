package dev.askonce.optimizer.route;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.chat.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routers that need neither a model nor training. */
final class RoutersTest {
  private final CallContext context = CallContext.of("acme", Wire.URL);
  private final Router rules = RuleRouter.of();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Classify this review as positive or negative: the room was cold.",
        "Extract the invoice number and the date from this mail.",
        "What is the refund policy for enterprise customers?",
        "Convert this list to JSON.",
        "Is the office open on Sunday?",
        "Translate to French: good morning",
        "How many vacation days do I have?",
        "where do I find my invoices"
      })
  void rules_simple(String text) {
    assertEquals(Tier.BUDGET, rules.route(ask(text), context).tier(), text);
    assertTrue(rules.route(ask(text), context).need() < 0.2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Prove that there are infinitely many primes.",
        "Write a function that reverses a list.",
        "Compare the two offers and recommend one.",
        "Analyze the churn of the last four quarters.",
        "Plan a migration of our warehouse in three phases.",
        "Write a short story about a lighthouse.",
        "What are the pros and cons of a monorepo?",
        "Why does the pump lose pressure when it is hot?",
        "Solve it step by step: 3x + 4 = 19",
        "Can you write me an essay on tides?"
      })
  void rules_complex(String text) {
    assertEquals(Tier.STANDARD, rules.route(ask(text), context).tier(), text);
    assertTrue(rules.route(ask(text), context).need() > 0.8);
  }

  @Test
  void rules_whereNoneApplies_staysWithTheStandardTierUnsure() {
    Routing routing = rules.route(ask("Tell my boss that I am late."), context);
    assertEquals(Tier.STANDARD, routing.tier());
    assertTrue(Double.isNaN(routing.need()));
    assertEquals("rule:none", routing.reason());
    assertEquals("rule:none", rules.route(request("{'model':'gpt-4o'}"), context).reason());
  }

  @Test
  void rules_lookAtTheWholeRequest() {
    assertEquals("rule:tools", rules.route(ask("What is it?", "'tools':[{}]"), context).reason());
    assertEquals("rule:code", rules.route(ask("What is this? ```x = 1```"), context).reason());
    assertEquals(
        "rule:length",
        rules.route(ask("What is it? " + "It is so. ".repeat(80)), context).reason());
    assertEquals(
        "rule:label",
        rules.route(ask("Classify: " + "It is so. ".repeat(80)), context).reason(),
        "a long text to classify is simple");
    assertEquals("rule:size", rules.route(ask("word ".repeat(9_000)), context).reason());
    assertEquals(
        "rule:label",
        rules.route(ask("Anna, 43", "'response_format':{'type':'json_object'}"), context).reason());
    String turn = "{'role':'user','content':'and?'}";
    ChatRequest long7 =
        request("{'model':'gpt-4o','messages':[" + turn + ("," + turn).repeat(6) + "]}");
    assertEquals("rule:conversation", rules.route(long7, context).reason());
  }

  @Test
  void rules_readTheLastTextOfTheUser_inParts() {
    ChatRequest parts =
        request(
            "{'model':'gpt-4o','messages':[{'role':'user','content':'Prove it.'},"
                + "{'role':'assistant','content':'Done.'},{'role':'user','content':["
                + "{'type':'text','text':'Translate'},{'type':'text','text':'this'}]}]}");
    assertEquals("rule:label", rules.route(parts, context).reason());
  }

  @ParameterizedTest
  @CsvSource({
    "CLASSIFICATION, BUDGET",
    "EXTRACTION, BUDGET",
    "FACTUAL, BUDGET",
    "REWRITING, BUDGET",
    "CODE, STANDARD",
    "ANALYSIS, STANDARD",
    "CREATIVE, STANDARD"
  })
  void rules_taskDecidesFirst(Task task, Tier tier) {
    ChatRequest asked = ask("Tell my boss that I am late.");
    Routing said = rules.route(asked, context.task(task));
    assertEquals(tier, said.tier());
    assertEquals("task:" + task.label(), said.reason());
    RuleRouter classifying = RuleRouter.of((request, call) -> task);
    assertEquals(tier, classifying.route(asked, context).tier());
    assertEquals(
        "task:code",
        classifying.route(asked, context.task(Task.CODE)).reason(),
        "what the caller says counts first");
  }

  @Test
  void rules_readLongTextsInBoundedTime() {
    // Each pattern is linear in the text, and the text is cut: this ends at once or not at all.
    String hostile = "write ".repeat(100_000);
    assertEquals("rule:size", rules.route(ask(hostile), context).reason());
    assertEquals("rule:length", rules.route(ask("class ".repeat(5_000)), context).reason());
  }

  @Test
  void fixed_byEndpoint() {
    FixedRouter router = new FixedRouter(Tier.STANDARD, Map.of("faq", Tier.BUDGET));
    assertEquals(Tier.BUDGET, router.route(ask("q"), context.endpoint("faq")).tier());
    assertEquals(Tier.STANDARD, router.route(ask("q"), context).tier());
    assertThrows(ChatException.InvalidSetting.class, () -> FixedRouter.of(Tier.REASONING));
    assertThrows(
        ChatException.InvalidSetting.class,
        () -> new FixedRouter(Tier.BUDGET, Map.of("x", Tier.REASONING)));
  }

  @Test
  void firstSure_takesTheFirstThatIs_andElseTheLast() {
    Router last = (request, call) -> new Routing(Tier.BUDGET, Double.NaN, "last");
    Router shy = (request, call) -> new Routing(Tier.STANDARD, 0.5, "shy");
    assertEquals("last", FirstSureRouter.of(shy, last).route(ask("q"), context).reason());
    assertEquals("shy", FirstSureRouter.of(last, shy).route(ask("q"), context).reason());
    Router composed =
        FirstSureRouter.of(new FixedRouter(Tier.STANDARD, Map.of("faq", Tier.BUDGET)), rules, last);
    assertEquals(
        FixedRouter.LISTED, composed.route(ask("Prove it."), context.endpoint("faq")).reason());
    assertEquals("rule:reasoning", composed.route(ask("Prove it."), context).reason());
    assertEquals("last", composed.route(ask("Tell my boss."), context).reason());
    assertThrows(ChatException.InvalidSetting.class, FirstSureRouter::of);
    Router wide = new FirstSureRouter(choice -> choice.need() == 0.5, List.of(shy, last));
    assertEquals("shy", wide.route(ask("q"), context).reason());
  }

  @Test
  void firstSure_handsTheClientOn() {
    List<Object> seen = new ArrayList<>();
    Router asking =
        new Router() {
          @Override
          public Routing route(ChatRequest request, CallContext call) {
            throw new AssertionError("asked without a client");
          }

          @Override
          public Routing route(ChatRequest request, CallContext call, ChatClient next) {
            seen.add(next);
            return new Routing(Tier.BUDGET, Double.NaN, "asking");
          }
        };
    FakeTransport next = new FakeTransport(null);
    FirstSureRouter.of(rules, asking).route(ask("Tell my boss."), context, next);
    assertEquals(List.of(next), seen);
  }
}
