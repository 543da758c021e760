package dev.askonce.optimizer.route;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.completion;
import static dev.askonce.optimizer.Wire.drain;
import static dev.askonce.optimizer.Wire.stream;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.Tier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteLeverTest {
  private static final Tiers TIERS = Tiers.of("gpt-4o-mini", "gpt-4o").reasoning("o1-mini");
  private static final Router CHEAP = (request, context) -> new Routing(Tier.BUDGET, 0.1, "test");
  private static final Router DEAR = (request, context) -> new Routing(Tier.STANDARD, 0.9, "test");

  private final List<ChatRequest> sent = new ArrayList<>();
  private final FakeTransport transport =
      new FakeTransport(
          (request, call) -> {
            sent.add(request);
            return completion("A");
          });
  private final CallContext context = CallContext.of("acme", Wire.URL);

  private static RouteLever lever(Router router) {
    return RouteLever.builder(router, TIERS).build();
  }

  private String modelOf(RouteLever lever, ChatRequest request, CallContext call)
      throws IOException {
    lever.over(transport).complete(request, call);
    return sent.getLast().model();
  }

  @Test
  void budget_asksTheBudgetModel_andNotesIt() throws IOException {
    RouteLever lever = lever(CHEAP);
    assertEquals("gpt-4o-mini", modelOf(lever, ask("q"), context));
    assertEquals(List.of(new Routed("route", "gpt-4o", "gpt-4o-mini")), context.effects().all());
    assertEquals(Map.of(Tier.BUDGET, 1L), lever.counts().tiers());
    assertEquals(Map.of("test", 1L), lever.counts().reasons());
  }

  @Test
  void standard_goesOnAsItCame_toTheByte() throws IOException {
    ChatRequest asked = ask("q");
    RouteLever lever = lever(DEAR);
    modelOf(lever, asked, context);
    assertSame(asked, sent.getLast());
    assertEquals(List.of(), context.effects().all());
    assertEquals(1, lever.counts().of(Tier.STANDARD));
  }

  @Test
  void reasoning_ofARouter_isNotObeyed() throws IOException {
    Router eager = (request, call) -> new Routing(Tier.REASONING, 1, "eager");
    assertEquals("gpt-4o", modelOf(lever(eager), ask("q"), context));
  }

  @Test
  void forcedTier_isKept_whateverWasAskedAndWherever() throws IOException {
    RouteLever lever = RouteLever.builder(CHEAP, TIERS).endpointsExcluded("default").build();
    assertEquals("o1-mini", modelOf(lever, ask("q"), context.tier(Tier.REASONING)));
    assertEquals("gpt-4o", modelOf(lever, ask("q"), context.tier(Tier.STANDARD)));
    assertEquals("gpt-4o-mini", modelOf(lever, ask("q"), context.tier(Tier.BUDGET)));
    ChatRequest other = ask("q").with("model", ask("q").json().textNode("claude"));
    assertEquals("gpt-4o", modelOf(lever, other, context.tier(Tier.STANDARD)));
    assertEquals(Map.of("forced", 4L), lever.counts().reasons());
    assertEquals(
        Map.of(Tier.REASONING, 1L, Tier.STANDARD, 2L, Tier.BUDGET, 1L), lever.counts().tiers());
  }

  @Test
  void forcedTier_withoutAModel_goesOnAsItCame() throws IOException {
    RouteLever lever = RouteLever.builder(CHEAP, Tiers.of("cheap", "gpt-4o")).build();
    assertEquals("gpt-4o", modelOf(lever, ask("q"), context.tier(Tier.REASONING)));
    assertEquals(Map.of("no-model", 1L), lever.counts().reasons());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o-2024-08-06", "gpt-4o-mini", "o1-mini", "claude", ""})
  void otherModels_areNotRouted(String model) throws IOException {
    ChatRequest asked = ask("q").with("model", ask("q").json().textNode(model));
    assertEquals(model, modelOf(lever(CHEAP), asked, context));
  }

  @Test
  void otherModels_areRoutedIfTold() throws IOException {
    ChatRequest asked = ask("q").with("model", ask("q").json().textNode("GPT-4.1"));
    RouteLever lever = RouteLever.builder(CHEAP, TIERS).models("gpt-4.1").build();
    assertEquals("gpt-4o-mini", modelOf(lever, asked, context));
    RouteLever dear = RouteLever.builder(DEAR, TIERS).models("gpt-4.1").build();
    assertEquals("GPT-4.1", modelOf(dear, asked, context), "never sideways");
    assertEquals(1, dear.counts().of(Tier.STANDARD));
  }

  @Test
  void toolsAndImages_areRoutedIfAllowed() throws IOException {
    ChatRequest tools = ask("q", "'tools':[{}]");
    ChatRequest image =
        Wire.request(
            "{'model':'gpt-4o','messages':[{'role':'user','content':[{'type':'text','text':'t'},"
                + "{'type':'image_url','image_url':{'url':'u'}}]}]}");
    RouteLever strict = lever(CHEAP);
    assertEquals("gpt-4o", modelOf(strict, tools, context));
    assertEquals("gpt-4o", modelOf(strict, image, context));
    assertEquals(Map.of("tools", 1L, "images", 1L), strict.counts().reasons());
    RouteLever open = RouteLever.builder(CHEAP, TIERS).tools(true).images(true).build();
    assertEquals("gpt-4o-mini", modelOf(open, tools, context));
    assertEquals("gpt-4o-mini", modelOf(open, image, context));
  }

  @Test
  void excludedEndpoint_isLeftAlone() throws IOException {
    RouteLever lever = RouteLever.builder(CHEAP, TIERS).endpointsExcluded("legal").build();
    assertEquals("gpt-4o", modelOf(lever, ask("q"), context.endpoint("legal")));
    assertEquals("gpt-4o-mini", modelOf(lever, ask("q"), context.endpoint("faq")));
  }

  @Test
  void deploymentInThePath_isLeftAlone_sinceTheModelIsNoFieldThere() throws IOException {
    CallContext azure =
        CallContext.of("acme", "https://x.example/openai/deployments/gpt-4o/chat/completions");
    RouteLever lever = lever(CHEAP);
    assertEquals("gpt-4o", modelOf(lever, ask("q"), azure));
    assertEquals(Map.of("deployment", 1L), lever.counts().reasons());
  }

  @Test
  void tiers_areOfTheEndpoint_thenOfTheUrl() throws IOException {
    RouteLever lever =
        RouteLever.builder(CHEAP, TIERS)
            .tiersAt("https://api.example/", Tiers.of("at-url", "gpt-4o"))
            .tiersOf("faq", Tiers.of("of-endpoint", "gpt-4o"))
            .build();
    assertEquals("at-url", modelOf(lever, ask("q"), context));
    assertEquals("of-endpoint", modelOf(lever, ask("q"), context.endpoint("faq")));
    assertEquals("gpt-4o-mini", modelOf(lever, ask("q"), CallContext.of("a", "https://b/")));
  }

  @Test
  void requestThatDoesNotFit_goesOnAsItCame() throws IOException {
    RouteLever lever = RouteLever.builder(CHEAP, Tiers.of("o3-mini", "gpt-4o")).build();
    assertEquals("gpt-4o", modelOf(lever, ask("q", "'logprobs':true"), context));
    assertEquals(Map.of("unfit", 1L), lever.counts().reasons());
  }

  @Test
  void routerThatThrows_isPassedOver() throws IOException {
    RouteLever lever =
        lever(
            (request, call) -> {
              throw new IllegalStateException("broken router");
            });
    assertEquals("gpt-4o", modelOf(lever, ask("q"), context));
    assertEquals(1, lever.counts().passedOver());
    assertEquals(1, lever.counts().of(Tier.STANDARD));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 422})
  void modelThatRefuses_isGivenUpForTheOneAskedFor(int status) throws IOException {
    RouteLever lever = lever(CHEAP);
    ChatClient client = lever.over(refusing("gpt-4o-mini", status));
    ChatReply reply = client.complete(ask("q"), context);
    assertEquals(200, reply.status());
    assertEquals(1, lever.counts().returned());
    CallContext streaming = context.fresh();
    String text = drain(client.stream(ask("q", "'stream':true"), streaming));
    assertTrue(text.contains("[DONE]"), text);
    assertEquals(2, lever.counts().returned());
    // The last one counts.
    assertEquals(new Routed("route", "gpt-4o", "gpt-4o"), streaming.effects().all().getLast());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 429, 500, 503})
  void passingTrouble_isNotTriedAgainHere(int status) throws IOException {
    RouteLever lever = lever(CHEAP);
    assertEquals(
        status, lever.over(refusing("gpt-4o-mini", status)).complete(ask("q"), context).status());
    assertEquals(0, lever.counts().returned());
  }

  /** {@return a provider that answers one model with a status, and all others well} */
  private static ChatClient refusing(String model, int status) {
    FakeTransport good =
        new FakeTransport((request, call) -> request.stream() ? stream("A") : completion("A"));
    FakeTransport bad = new FakeTransport((request, call) -> "{\"error\":{}}").status(status);
    return new ChatClient() {
      @Override
      public ChatReply complete(ChatRequest request, CallContext call) throws IOException {
        return (request.model().equals(model) ? bad : good).complete(request, call);
      }

      @Override
      public ChatStream stream(ChatRequest request, CallContext call) throws IOException {
        return (request.model().equals(model) ? bad : good).stream(request, call);
      }
    };
  }

  @Test
  void reasons_areBounded() throws IOException {
    int[] number = {0};
    RouteLever lever =
        lever((request, call) -> new Routing(Tier.STANDARD, 1, "reason " + number[0]++));
    for (int i = 0; i < 1_000; i++) {
      modelOf(lever, ask("q"), context);
    }
    assertTrue(lever.counts().reasons().size() <= 65, lever.counts().reasons().toString());
    assertEquals(
        1_000, lever.counts().reasons().values().stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void oneModelForBothTiers_isRefused() {
    RouteLever.Builder builder = RouteLever.builder(CHEAP, Tiers.of("gpt-4o", "GPT-4o"));
    assertThrows(ChatException.InvalidSetting.class, builder::build);
  }
}
