package dev.askonce.optimizer.cache;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Scope;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.cache.Fingerprint.Plan;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FingerprintTest {
  private static final CallContext CONTEXT = CallContext.of("acme", Wire.URL);

  private final Fingerprint fingerprint = new Fingerprint(Double.POSITIVE_INFINITY, false);

  private Plan.Ask asked(ChatRequest request, CallContext context) {
    return assertInstanceOf(Plan.Ask.class, fingerprint.plan(request, context));
  }

  private Scope scope(ChatRequest request) {
    return asked(request, CONTEXT).scope();
  }

  private BypassReason bypass(ChatRequest request, CallContext context) {
    return assertInstanceOf(Plan.Bypass.class, fingerprint.plan(request, context)).reason();
  }

  @Test
  void scope_lastUserTextDiffers_isEqual() {
    assertEquals(scope(ask("How do I pay?")), scope(ask("What ways to pay are there?")));
    assertEquals("How do I pay?", asked(ask("How do I pay?"), CONTEXT).text());
    assertFalse(asked(ask("How do I pay?"), CONTEXT).exactOnly());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'temperature':0.1",
        "'tools':[{'type':'function','function':{'name':'f'}}]",
        "'functions':[{'name':'f'}]",
        "'response_format':{'type':'json_object'}",
        "'max_completion_tokens':7",
        "'max_tokens':7",
        "'seed':7",
        "'stop':'x'",
        "'reasoning_effort':'low'",
        "'verbosity':'low'",
        "'logprobs':true",
        "'logit_bias':{'1':2}",
        "'a_field_of_tomorrow':1"
      })
  void scope_fieldThatMayChangeTheAnswer_differs(String field) {
    assertNotEquals(scope(ask("q")), scope(ask("q", field)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'user':'u1'",
        "'safety_identifier':'u1'",
        "'metadata':{'a':'b'}",
        "'store':false",
        "'stream':true",
        "'stream_options':{'include_usage':true}",
        "'prompt_cache_key':'k'",
        "'prompt_cache_retention':'24h'",
        "'prompt_cache_options':{'mode':'implicit'}",
        "'service_tier':'flex'",
        "'stop':null"
      })
  void scope_fieldThatCannotChangeTheAnswer_isEqual(String field) {
    assertEquals(scope(ask("q")), scope(ask("q", field)));
  }

  @Test
  void ignoredFields_eachHasAReason() {
    Fingerprint.IGNORED.forEach((field, reason) -> assertTrue(reason.length() > 10, field));
  }

  @Test
  void scope_anotherTenantUrlModelOrSystemPrompt_differs() {
    Scope scope = scope(ask("q"));
    assertNotEquals(scope, asked(ask("q"), CONTEXT.tenant("other")).scope());
    assertNotEquals(scope, asked(ask("q"), CallContext.of("acme", Wire.URL + "2")).scope());
    assertNotEquals(
        scope,
        scope(request("{'model':'gpt-4o-mini','messages':[{'role':'user','content':'q'}]}")));
    String systems =
        "{'model':'gpt-4o','messages':[{'role':'system','content':'%s'},"
            + "{'role':'user','content':'q'}]}";
    Scope pirate = scope(request(systems.formatted("You are a pirate")));
    assertNotEquals(scope, pirate);
    assertNotEquals(pirate, scope(request(systems.formatted("You are a judge"))));
  }

  @Test
  void scope_textMovedBetweenFields_differs() {
    String two =
        "{'model':'gpt-4o','messages':[{'role':'system','content':'%s'},"
            + "{'role':'system','content':'%s'},{'role':'user','content':'q'}]}";
    assertNotEquals(
        scope(request(two.formatted("ab", "c"))), scope(request(two.formatted("a", "bc"))));
    assertNotEquals(scope(ask("q", "'a':'b'")), scope(ask("q", "'a':{'b':null}")));
    assertNotEquals(scope(ask("q", "'a':'1'")), scope(ask("q", "'a':1")));
    // A system prompt that looks like the mark of the text that was taken out.
    assertNotEquals(scope(request(two.formatted("?", "?"))), scope(request(two.formatted("", ""))));
  }

  @Test
  void scope_loneSurrogates_differ() {
    assertNotEquals(scope(ask("q", "'x':'\\ud800'")), scope(ask("q", "'x':'\\ud801'")));
    assertNotEquals(scope(ask("q", "'x':'\\ud800'")), scope(ask("q", "'x':'?'")));
  }

  @Test
  void scope_longTexts_differByAnyCharacter() {
    Set<Scope> scopes = new HashSet<>();
    List<String> ends =
        List.of("?", "\\ud800", "\\udc00", "\u00e9", "\u00e9?", "\u20ac", "e", "??");
    for (String end : ends) {
      scopes.add(scope(ask("q", "'x':'" + "a".repeat(1_000) + end + "'")));
      scopes.add(scope(ask("q", "'x':'" + end + "a".repeat(1_000) + "'")));
    }
    assertEquals(2 * ends.size(), scopes.size());
  }

  @Test
  void scope_keyOrder_doesNotMatter() {
    assertEquals(
        scope(request("{'model':'m','seed':1,'messages':[{'role':'user','content':'q'}]}")),
        scope(request("{'messages':[{'content':'q','role':'user'}],'seed':1,'model':'m'}")));
  }

  @Test
  void content_arrayOfOneTextPart_isThePlainString() {
    String part = "[{'type':'text','text':'%s'}]";
    String message = "{'model':'gpt-4o','messages':[{'role':'user','content':%s}]}";
    ChatRequest array = request(message.formatted(part.formatted("q")));
    assertEquals(scope(ask("q")), scope(array));
    assertEquals("q", asked(array, CONTEXT).text());
    String systems =
        "{'model':'gpt-4o','messages':[{'role':'system','content':%s},"
            + "{'role':'user','content':'q'}]}";
    assertEquals(
        scope(request(systems.formatted("'s'"))),
        scope(request(systems.formatted(part.formatted("s")))));
  }

  @Test
  void content_ofOtherTypes_allDiffer() {
    String message =
        "{'model':'m','messages':[{'role':'assistant','content':%s},"
            + "{'role':'user','content':'q'}]}";
    Set<Scope> scopes = new HashSet<>();
    List<String> contents =
        List.of(
            "null",
            "[]",
            "{}",
            "''",
            "'0'",
            "0",
            "1",
            "true",
            "false",
            "{'a':'b'}",
            "[null]",
            "['b']");
    for (String content : contents) {
      scopes.add(scope(request(message.formatted(content))));
    }
    assertEquals(contents.size(), scopes.size());
  }

  @Test
  void content_severalTextParts_onlyARepeatAnswers() {
    String parts =
        "{'model':'gpt-4o','messages':[{'role':'user','content':"
            + "[{'type':'text','text':'%s'},{'type':'text','text':'%s'}]}]}";
    Plan.Ask plan = asked(request(parts.formatted("document one", "summarise")), CONTEXT);
    assertTrue(plan.exactOnly());
    assertEquals("summarise", plan.text());
    assertNotEquals(plan.scope(), scope(request(parts.formatted("document two", "summarise"))));
    assertEquals(plan.scope(), scope(request(parts.formatted("document one", "translate"))));
  }

  @Test
  void conversation_onlyARepeatAnswers_unlessConfigured() {
    ChatRequest conversation =
        request(
            "{'model':'m','messages':[{'role':'user','content':'a'},"
                + "{'role':'assistant','content':'b'},{'role':'user','content':'c'}]}");
    assertTrue(asked(conversation, CONTEXT).exactOnly());
    Fingerprint lenient = new Fingerprint(Double.POSITIVE_INFINITY, true);
    assertFalse(((Plan.Ask) lenient.plan(conversation, CONTEXT)).exactOnly());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SEVERAL_CHOICES|'n':2",
        "SIDE_EFFECT|'store':true",
        "LIVE_DATA|'web_search_options':{}",
        "MEDIA|'modalities':['text','audio']",
        "MEDIA|'audio':{'voice':'alloy'}"
      },
      quoteCharacter = '~')
  void request_notCacheable_saysWhy(BypassReason reason, String field) {
    assertEquals(reason, bypass(ask("q", field), CONTEXT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOT_FROM_USER|{'role':'user','content':'q'},{'role':'assistant','content':'a'}",
        "NOT_FROM_USER|{'role':'user','content':'q'},{'role':'tool','tool_call_id':'t','content':'4'}",
        "NOT_FROM_USER|{'role':'user','content':'q'},{'role':'system','content':'s'}",
        "NO_TEXT|{'role':'user','content':'  '}",
        "NO_TEXT|{'role':'user'}",
        "NO_TEXT|{'role':'user','content':[]}",
        "MEDIA|{'role':'user','content':[{'type':'text','text':'what is"
            + " it?'},{'type':'image_url','image_url':{'url':'u'}}]}",
        "MEDIA|{'role':'user','content':[{'type':'input_audio','input_audio':{}}]}",
        "MEDIA|{'role':'user','content':[{'type':'file','file':{}},{'type':'text','text':'sum"
            + " up'}]}"
      },
      quoteCharacter = '~')
  void messages_notCacheable_sayWhy(BypassReason reason, String messages) {
    assertEquals(reason, bypass(request("{'model':'m','messages':[" + messages + "]}"), CONTEXT));
  }

  @Test
  void context_withoutTenantOrOptedOut_isBypassed() {
    CallContext nobody = CallContext.to(Wire.URL);
    assertEquals(BypassReason.NO_TENANT, bypass(ask("q"), nobody));
    assertEquals(BypassReason.NO_TENANT, bypass(ask("q"), CONTEXT.tenant(" ")));
    assertEquals(BypassReason.OPTED_OUT, bypass(ask("q"), CONTEXT.cached(false)));
  }

  @Test
  void temperature_aboveTheLimit_isBypassed() {
    Fingerprint strict = new Fingerprint(0.5, false);
    assertInstanceOf(Plan.Ask.class, strict.plan(ask("q", "'temperature':0.5"), CONTEXT));
    assertInstanceOf(Plan.Bypass.class, strict.plan(ask("q", "'temperature':0.6"), CONTEXT));
    assertInstanceOf(Plan.Bypass.class, strict.plan(ask("q"), CONTEXT));
  }
}
