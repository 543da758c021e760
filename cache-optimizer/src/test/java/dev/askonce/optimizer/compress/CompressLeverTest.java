package dev.askonce.optimizer.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Effects;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.compress.select.Budget;
import dev.askonce.optimizer.compress.select.ContextSelector;
import dev.askonce.optimizer.cost.JtokkitCounter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompressLeverTest {
  private static final String OPENAI = "https://api.openai.com/v1/chat/completions";
  private static final String PARAGRAPH =
      "Refunds are paid within thirty days of the return to the card that the order was paid with.";

  private final List<ChatRequest> sent = new ArrayList<>();
  private final FakeTransport transport =
      new FakeTransport(
          (request, call) -> {
            sent.add(request);
            return request.stream() ? Wire.stream("ok") : Wire.completion("ok");
          });

  private ChatRequest send(CompressLever lever, ChatRequest request, CallContext context)
      throws IOException {
    lever.over(transport).complete(request, context);
    return sent.getLast();
  }

  private ChatRequest send(CompressLever lever, ChatRequest request) throws IOException {
    return send(lever, request, CallContext.of("acme", Wire.URL));
  }

  private static ChatRequest messages(String... rolesAndTexts) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("model", "gpt-4o");
    ArrayNode messages = json.putArray("messages");
    for (int i = 0; i < rolesAndTexts.length; i += 2) {
      messages.addObject().put("role", rolesAndTexts[i]).put("content", rolesAndTexts[i + 1]);
    }
    return ChatRequest.parse(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String content(ChatRequest request, int message) {
    return request.messages().get(message).path("content").asText();
  }

  private static CompressLever lossy(MaterialCompressor compressor) {
    return CompressLever.builder()
        .settings(CompressSettings.DEFAULTS.material(compressor).materialTokensMin(10))
        .build();
  }

  private static String words(int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      out.append(" word").append((char) ('a' + i % 26)).append(i % 7);
    }
    return out.toString();
  }

  @Test
  void requestWithNothingToSave_isSentAsItCame() throws IOException {
    CompressLever lever = CompressLever.builder().build();
    ChatRequest request = Wire.ask("How do I return it?");
    assertSame(request, send(lever, request));
    assertEquals(new CompressCounts(0, 0, 0), lever.counts());
    assertEquals(Lever.Stage.COMPRESS, lever.stage());
    assertEquals("compress", lever.name());
  }

  @Test
  void losslessSteps_areOnByDefault_andBooked() throws IOException {
    CompressLever lever = CompressLever.builder().build();
    String json = "{\n    \"id\" : 7,\n    \"total\" : 1.50,\n    \"open\" : [ 1, 2, 3 ]\n}";
    ChatRequest request =
        messages("system", json, "user", PARAGRAPH + "\n\n" + PARAGRAPH + "\n\nMay I return it?");
    CallContext context = CallContext.of("acme", Wire.URL);
    ChatRequest out = send(lever, request, context);
    assertEquals("{\"id\":7,\"total\":1.50,\"open\":[1,2,3]}", content(out, 0));
    assertEquals(PARAGRAPH + "\n\nMay I return it?", content(out, 1));
    JtokkitCounter counter = new JtokkitCounter();
    long saved = counter.countInput(request) - counter.countInput(out);
    assertEquals(List.of(new Effects.InputSaved("compress", saved)), context.effects().all());
    assertEquals(new CompressCounts(1, saved, 0), lever.counts());
  }

  @Test
  void streams_areCompressedToo() throws IOException {
    CompressLever lever = CompressLever.builder().build();
    ChatRequest request = Wire.ask("{ \\\"a\\\":   [ 1,   2 ] }", "'stream':true");
    Wire.drain(lever.over(transport).stream(request, CallContext.of("acme", Wire.URL)));
    assertEquals("{\"a\":[1,2]}", content(sent.getLast(), 0));
  }

  @Test
  void assistantsAndPicturesAndTools_areLeftAlone() throws IOException {
    CompressLever lever = CompressLever.builder().build();
    ChatRequest request =
        Wire.request(
            "{'model':'gpt-4o','messages':[{'role':'assistant','content':'A.   B.'},"
                + "{'role':'user','content':[{'type':'text','text':'C.   D.'},"
                + "{'type':'image_url','image_url':{'url':'x'}}]},"
                + "{'role':'assistant','content':null,'tool_calls':[]},7]}");
    assertSame(request, send(lever, request));
  }

  @Test
  void lossySteps_areOffUnlessAllowedForTheEndpoint() throws IOException {
    CompressLever lever =
        CompressLever.builder()
            .endpoint(
                "faq",
                CompressSettings.DEFAULTS
                    .material((question, material, tokens) -> "short")
                    .materialTokensMin(10))
            .build();
    ChatRequest request = messages("user", "<context>" + words(50) + "</context>\nWhat is worda0?");
    assertSame(request, send(lever, request));
    ChatRequest out = send(lever, request, CallContext.of("acme", Wire.URL).endpoint("faq"));
    assertEquals("<context>\nshort\n</context>\nWhat is worda0?", content(out, 0));
  }

  @Test
  void material_isWhatTheQuestionIsAbout_neverTheSystemMessage() throws IOException {
    List<String> asked = new ArrayList<>();
    CompressLever lever =
        lossy(
            (question, material, tokens) -> {
              asked.add(question);
              return "short";
            });
    String marked = "<context>" + words(50) + "</context>";
    ChatRequest out = send(lever, messages("system", marked, "user", marked + " Why?"));
    assertEquals(marked, content(out, 0));
    assertEquals(List.of("Why?"), asked);
    assertEquals(marked, content(send(lever, messages("user", marked)), 0));
    String few = "<context> few words </context> Why?";
    assertEquals(few, content(send(lever, messages("user", few)), 0));
  }

  @Test
  void partsOfAMessage_allButTheLast_areMaterial() throws IOException {
    CompressLever lever = lossy((question, material, tokens) -> "about " + question);
    ChatRequest out =
        send(
            lever,
            Wire.request(
                "{'model':'gpt-4o','messages':[{'role':'user','content':[{'type':'text','text':'"
                    + words(50)
                    + "'},{'type':'text','text':'Why?'}]}]}"));
    assertEquals("about Why?", out.messages().at("/0/content/0/text").asText());
    assertEquals("Why?", out.messages().at("/0/content/1/text").asText());
  }

  @Test
  void partsThatWereThereBefore_leaveNoEmptyPart() throws IOException {
    ChatRequest request = messages("user", PARAGRAPH, "assistant", "Yes.");
    ArrayNode parts = request.messages().addObject().put("role", "user").putArray("content");
    parts.addObject().put("type", "text").put("text", PARAGRAPH);
    ObjectNode marked = parts.addObject().put("type", "text").put("text", PARAGRAPH);
    marked.putObject("cache_control").put("type", "ephemeral");
    parts.addObject().put("type", "text").put("text", "And to an account?");
    JsonNode sentParts =
        send(CompressLever.builder().build(), request).messages().get(2).path("content");
    assertEquals(2, sentParts.size());
    assertEquals(marked, sentParts.get(0));
    assertEquals("And to an account?", sentParts.get(1).path("text").asText());
  }

  @Test
  void sentences_thatTheQuestionNeeds_areKept() throws IOException {
    CompressLever lever =
        lossy(MaterialCompressor.sentences(ContextSelector.lexical(), new Budget.Share(0.3)));
    String material =
        "Bread is baked in ovens. It needs flour.\n\nThe bridge was opened in 1894. Ships pass.\n\n"
            + "Cheese is made of milk in many lands.";
    ChatRequest out =
        send(
            lever,
            messages("user", "When was the bridge opened?\n<context>" + material + "</context>"));
    assertEquals(
        "When was the bridge opened?\n<context>\nThe bridge was opened in 1894.\n</context>",
        content(out, 0));
  }

  @Test
  void conversationThatGrows_keepsItsPrefix() throws IOException {
    int[] calls = {0};
    CompressLever lever = lossy((question, material, tokens) -> "form " + ++calls[0]);
    String first = "<context>" + words(600) + "</context> Why?";
    ChatRequest one = send(lever, messages("user", first));
    ChatRequest two = send(lever, messages("user", first, "assistant", "So.", "user", "And how?"));
    assertEquals(one.messages().get(0), two.messages().get(0));
    assertEquals(1, calls[0]);
  }

  @Test
  void materialThatTheProviderHasCached_isLeftWhereThatIsCheaper() throws IOException {
    // gpt-4o reads cached input at half the price: of two calls the prefix costs 75% of full price,
    // of four 62.5%. So 80% left is dearer from the second on, 66% from the fourth, 10% never.
    assertEquals(List.of(false, true, true, true), wholeFor(0.8));
    assertEquals(List.of(false, false, false, true), wholeFor(0.66));
    assertEquals(List.of(false, false, false, false), wholeFor(0.1));
  }

  /** {@return for each of four questions on the same material, whether it was sent whole} */
  private List<Boolean> wholeFor(double left) throws IOException {
    CompressLever lever =
        lossy((q, material, t) -> material.substring(0, (int) (left * material.length())));
    String material = "<context>" + words(2_000) + "</context>";
    List<Boolean> whole = new ArrayList<>();
    for (String question : List.of("Why?", "How?", "When?", "Who?")) {
      whole.add(
          content(send(lever, messages("user", material + question)), 0).startsWith(material));
    }
    assertEquals(4, lever.prefixes().get("default").requests());
    assertTrue(lever.prefixes().get("default").sharedShare() > 0.7);
    return whole;
  }

  @Test
  void modelWithoutAPrice_keepsSharedMaterialWhole() throws IOException {
    CompressLever lever = lossy((question, material, tokens) -> "short");
    String material = "<context>" + words(2_000) + "</context>";
    ChatRequest named = messages("user", material + "Why?");
    ChatRequest unknown = named.with("model", TextNode.valueOf("nobodys"));
    assertFalse(content(send(lever, unknown), 0).startsWith(material));
    ChatRequest next = messages("user", material + "How?");
    assertTrue(
        content(send(lever, next.with("model", TextNode.valueOf("nobodys"))), 0)
            .startsWith(material));
  }

  @Test
  void compressorThatFailsOrHelpsNot_changesNothing() throws IOException {
    ChatRequest request = messages("user", "<context>" + words(50) + "</context>Why?");
    CompressLever failing =
        lossy(
            (question, material, tokens) -> {
              throw new IllegalStateException("broken");
            });
    assertSame(request, send(failing, request));
    assertEquals(1, failing.counts().failures());
    assertSame(request, send(lossy((question, material, tokens) -> material + " more"), request));
    assertSame(request, send(lossy((question, material, tokens) -> " "), request));
  }

  @Test
  void markedSection_movesOnlyWhereAllowed() throws IOException {
    String system = "<volatile>It is 10:00.</volatile>\nAnswer briefly.";
    ChatRequest request = messages("system", system, "user", "Why?");
    assertSame(request, send(CompressLever.builder().build(), request));
    CompressLever allowed =
        CompressLever.builder().settings(CompressSettings.DEFAULTS.volatileLast(true)).build();
    assertEquals("Answer briefly.\nIt is 10:00.", content(send(allowed, request), 0));
  }

  @Test
  void cacheKey_isSetForOpenAi_andIsOnePerPrefix() throws IOException {
    CompressLever lever = CompressLever.builder().build();
    CallContext context = CallContext.of("acme", OPENAI);
    String one = key(send(lever, messages("system", "A", "user", "x"), context));
    assertTrue(one.startsWith("askonce-") && one.length() <= 64, one);
    assertEquals(one, key(send(lever, messages("system", "A", "user", "y"), context)));
    assertFalse(one.equals(key(send(lever, messages("system", "B", "user", "x"), context))));
    CallContext other = CallContext.of("other", OPENAI);
    assertFalse(one.equals(key(send(lever, messages("system", "A", "user", "x"), other))));
    ChatRequest named = Wire.ask("x", "'prompt_cache_key':'mine'");
    assertSame(named, send(lever, named, context));
  }

  @Test
  void cacheKey_forOthers_onlyWhereToldTo() throws IOException {
    ChatRequest request = Wire.ask("x");
    CompressSettings always = CompressSettings.DEFAULTS.cacheKey(CompressSettings.CacheKey.ALWAYS);
    CompressSettings never = CompressSettings.DEFAULTS.cacheKey(CompressSettings.CacheKey.NEVER);
    assertTrue(
        send(CompressLever.builder().settings(always).build(), request)
            .json()
            .has("prompt_cache_key"));
    assertSame(
        request,
        send(
            CompressLever.builder().settings(never).build(),
            request,
            CallContext.of("acme", OPENAI)));
  }

  private static String key(ChatRequest request) {
    return request.json().path("prompt_cache_key").asText();
  }

  @Test
  void settingsThatMakeNoSense_areRefused() {
    assertThrows(
        ChatException.InvalidSetting.class, () -> CompressSettings.DEFAULTS.materialTokensMin(-1));
    assertThrows(
        ChatException.InvalidSetting.class, () -> CompressSettings.DEFAULTS.marks("", "b"));
  }
}
