package dev.askonce.optimizer.cap;

import static dev.askonce.optimizer.cap.CapBench.context;
import static dev.askonce.optimizer.cap.CapBench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Effects;
import dev.askonce.optimizer.chat.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapFormTest {
  private static final String TOOLS = "'tools':[{'type':'function','function':{'name':'f'}}]";

  private static CapLever.Builder silent() {
    return settings().stopWhenDone().agents(false);
  }

  private static CapBench json(JsonFormat format) {
    return new CapBench(silent().json("orders", format));
  }

  private static CallContext orders() {
    return context(Task.EXTRACTION).endpoint("orders");
  }

  @Test
  void jsonObject_needsTheWordInAMessage() throws IOException {
    CapBench bench = json(JsonFormat.object());
    JsonNode spoken = bench.sent(Wire.ask("Give me the order as Json."), orders());
    assertEquals("json_object", spoken.at("/response_format/type").asText());
    assertEquals(1, spoken.path("messages").size());
    JsonNode unspoken = bench.sent(Wire.ask("Give me the order."), orders());
    assertEquals("json_object", unspoken.at("/response_format/type").asText());
    assertEquals("system", unspoken.at("/messages/0/role").asText());
    assertTrue(unspoken.at("/messages/0/content").asText().contains("JSON"));
  }

  @Test
  void jsonObject_whereNoInstructionIsTaken_isLeftOut() throws IOException {
    ChatRequest request =
        Wire.request("{'model':'o1-mini','messages':[{'role':'user','content':'The order?'}]}");
    assertFalse(json(JsonFormat.object()).sent(request, orders()).has("response_format"));
  }

  @Test
  void jsonObject_wordInAPart_isEnough() throws IOException {
    ChatRequest request =
        Wire.request(
            "{'model':'gpt-4o','messages':[{'role':'user','content':[{'type':'text','text':'as"
                + " JSON'}]}]}");
    assertEquals(1, json(JsonFormat.object()).sent(request, orders()).path("messages").size());
  }

  @Test
  void jsonSchema_isSentAsTheApiWantsIt() throws IOException {
    JsonNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    JsonNode sent = json(JsonFormat.schema("order", schema)).sent(Wire.ask("The order?"), orders());
    assertEquals("json_schema", sent.at("/response_format/type").asText());
    assertEquals("order", sent.at("/response_format/json_schema/name").asText());
    assertTrue(sent.at("/response_format/json_schema/strict").asBoolean());
    assertEquals(schema, sent.at("/response_format/json_schema/schema"));
    assertEquals(1, sent.path("messages").size());
  }

  @Test
  void jsonSchema_withAWrongName_isRefused() {
    JsonNode schema = JsonNodeFactory.instance.objectNode();
    for (String name : List.of("", "an order", "x".repeat(65))) {
      assertThrows(ChatException.InvalidSetting.class, () -> JsonFormat.schema(name, schema), name);
    }
    assertThrows(
        ChatException.InvalidSetting.class,
        () -> JsonFormat.schema("order", JsonNodeFactory.instance.textNode("object")));
  }

  @Test
  void format_ofTheCallerToolsAndOtherEndpoints_stay() throws IOException {
    CapBench bench = json(JsonFormat.object());
    JsonNode own = bench.sent(Wire.ask("x", "'response_format':{'type':'text'}"), orders());
    assertEquals("text", own.at("/response_format/type").asText());
    assertFalse(bench.sent(Wire.ask("x", TOOLS), orders()).has("response_format"));
    CallContext other = orders().endpoint("faq");
    assertFalse(bench.sent(Wire.ask("x"), other).has("response_format"));
  }

  @Test
  void stops_areAddedWhereTheRequestHasNone() throws IOException {
    CapBench bench = new CapBench(silent().stop(Task.CLASSIFICATION, "\n", "Because"));
    JsonNode sent = bench.sent(Wire.ask("x"), context(Task.CLASSIFICATION));
    assertEquals("[\"\\n\",\"Because\"]", sent.path("stop").toString());
    JsonNode own = bench.sent(Wire.ask("x", "'stop':'.'"), context(Task.CLASSIFICATION));
    assertEquals(".", own.path("stop").asText());
    assertFalse(bench.sent(Wire.ask("x"), context(Task.FACTUAL)).has("stop"));
    ChatRequest reasoning = Wire.request("{'model':'o3','messages':[]}");
    assertFalse(bench.sent(reasoning, context(Task.CLASSIFICATION)).has("stop"));
  }

  @Test
  void stops_neverBreakJson() throws IOException {
    CapLever.Builder settings = silent().stop(Task.EXTRACTION, "\n");
    String format = "'response_format':{'type':'json_object'}";
    assertFalse(new CapBench(settings).sent(Wire.ask("As JSON", format), orders()).has("stop"));
    assertFalse(
        new CapBench(settings.json("orders", JsonFormat.object()))
            .sent(Wire.ask("As JSON"), orders())
            .has("stop"));
    String text = "'response_format':{'type':'text'}";
    CallContext elsewhere = context(Task.EXTRACTION);
    assertTrue(new CapBench(settings).sent(Wire.ask("As a list", text), elsewhere).has("stop"));
  }

  @Test
  void instruction_standsAfterTheStablePrefix() throws IOException {
    CapBench bench = new CapBench(settings());
    String system =
        "{'role':'system','content':'You help.'},{'role':'developer','content':'Be kind.'}";
    byte[][] bodies = new byte[2][];
    for (int i = 0; i < 2; i++) {
      ChatRequest request =
          Wire.request(
              "{'model':'gpt-4o','messages':["
                  + system
                  + ",{'role':'user','content':'"
                  + i
                  + "'}]}");
      bench.ask(request, context(Task.FACTUAL));
      bodies[i] = bench.sent.getLast().body();
    }
    String sent = new String(bodies[0], StandardCharsets.UTF_8);
    assertTrue(
        sent.contains("You help.\"}")
            && sent.contains("Be kind.\\n\\n" + Instructions.STOP_WHEN_DONE + "\"}"),
        sent);
    String other = new String(bodies[1], StandardCharsets.UTF_8);
    assertEquals(sent.replace("\"content\":\"0\"", "\"content\":\"1\""), other);
  }

  @Test
  void instruction_alongAConversation_isTheSame() throws IOException {
    CapBench bench = new CapBench(settings());
    String first = "{'role':'user','content':'What is the capital of Chad?'}";
    String second =
        first
            + ",{'role':'assistant','content':'N Djamena.'}"
            + ",{'role':'user','content':'Write a poem about it.'}";
    CallContext context = CallContext.of("acme", Wire.URL);
    JsonNode opening = bench.sent(Wire.request("{'messages':[" + first + "]}"), context);
    JsonNode later = bench.sent(Wire.request("{'messages':[" + second + "]}"), context);
    assertEquals(opening.at("/messages/0"), later.at("/messages/0"));
    assertEquals("system", later.at("/messages/0/role").asText());
    assertFalse(later.has("max_tokens"), "a poem has no limit");
  }

  @Test
  void instruction_inParts_isAPartOfItsOwn() throws IOException {
    ChatRequest request =
        Wire.request(
            "{'messages':[{'role':'system','content':[{'type':'text','text':'You help.'}]}]}");
    JsonNode sent = new CapBench(settings()).sent(request, context(Task.FACTUAL));
    assertEquals("You help.", sent.at("/messages/0/content/0/text").asText());
    assertEquals(Instructions.STOP_WHEN_DONE, sent.at("/messages/0/content/1/text").asText());
    assertEquals(1, request.json().at("/messages/0/content").size(), "the caller's is untouched");
  }

  @Test
  void instruction_toAModelWithTools_isToStop() throws IOException {
    JsonNode sent = new CapBench(settings()).sent(Wire.ask("x", TOOLS), context(Task.OTHER));
    assertEquals(Instructions.STOP_WHEN_DONE, sent.at("/messages/0/content").asText());
    ChatRequest request = Wire.ask("x", TOOLS);
    CapBench silent = new CapBench(silent());
    silent.ask(request, context(Task.OTHER));
    assertSame(request, silent.sent.getLast());
  }

  @Test
  void instruction_hasTheRoleThatTheModelTakes() throws IOException {
    CapBench bench = new CapBench(settings());
    ChatRequest o3 = Wire.request("{'model':'o3','messages':[{'role':'user','content':'x'}]}");
    assertEquals(
        "developer", bench.sent(o3, context(Task.FACTUAL)).at("/messages/0/role").asText());
    ChatRequest mini =
        Wire.request("{'model':'o1-mini','messages':[{'role':'user','content':'x'}]}");
    bench.ask(mini, context(Task.FACTUAL));
    assertSame(mini, bench.sent.getLast());
  }

  @Test
  void concise_isAskedForWhereWanted_andItsTokensAreBooked() throws IOException {
    CapBench bench = new CapBench(settings().concise(Task.FACTUAL));
    CallContext context = context(Task.FACTUAL);
    String told = bench.sent(Wire.ask("x"), context).at("/messages/0/content").asText();
    assertEquals(Instructions.CONCISE + " " + Instructions.STOP_WHEN_DONE, told);
    Effects.InputSaved added = (Effects.InputSaved) context.effects().all().getFirst();
    assertTrue(added.tokens() < -20 && added.tokens() > -60, added.toString());
  }
}
